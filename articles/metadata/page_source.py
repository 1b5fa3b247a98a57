"""Prediction of the source of a saved web page from the name beside the headline in its <title>.

A site name that the page declares (og:site_name) is metadata and read by the reader; this is for other pages.
"""

from __future__ import annotations

import re

from articles.metadata.prediction import Prediction
from articles.text.page_title import TitleSplit, is_same_wording, iter_title_splits
from articles.text.publishers import find_agency_or_publisher
from articles.text.records import RawRecord

#: Confidences: a name that the tables contain or that calls itself a newspaper; any other name. Some of
#: those are sections or mottos of the newspaper, so they are only proposed.
KNOWN, UNKNOWN = 0.92, 0.6
METHOD = "page-title"
MAX_NAME_WORDS = 5
#: Names of sections, also at the beginning: كل الأخبار, أخبار سوريا.
_SECTION = re.compile(
    r"(?:ال)?(?:اخبار|أخبار|سياسة|رياضة|اقتصاد|ثقافة|فن|فنون|مقالات|اراء|آراء|راي|رأي|تقارير|تحقيقات|محليات|عاجل"
    r"|منوعات|صحة|علوم|تكنولوجيا|مجتمع|صور|فيديو|رئيسية|موقع|ارشيف|أرشيف|كل|عربي|عربية|دولي|دولية|محلية)\b"
)


def predict_page_source(record: RawRecord) -> Prediction | None:
    """Return the name beside the headline in the page title, which must be the record's own title."""
    for split in iter_title_splits(record.page_title):
        if is_same_wording(split.headline, record.title) and (prediction := _predict(split)):
            return prediction
    return None


def _predict(split: TitleSplit) -> Prediction | None:
    name = split.site
    known = find_agency_or_publisher(name)
    if not known and (
        len(name.split()) > MAX_NAME_WORDS or re.search(r"[\d.؟?!،:]", name) or _SECTION.match(name)
    ):
        return None
    return Prediction("source", known or name, KNOWN if known else UNKNOWN, METHOD, split.start, split.end)
