"""Which paper a saved page came from, by the name that its <title> has beside the headline. What the page
declares (og:site_name) is metadata and read by its reader; this is for pages that declare nothing."""

from __future__ import annotations

import re

from articles.metadata.prediction import Prediction
from articles.text.page_title import TitleSplit, is_same_wording, iter_title_splits
from articles.text.publishers import find_agency_or_publisher
from articles.text.records import RawRecord

#: A name that the table of agencies has, or that says it is a paper; any other name. Some of those are a
#: section of the paper or what it says of itself, so they are only proposed.
KNOWN, UNHEARD = 0.92, 0.6
METHOD = "page-title"
WORDS = 5
#: Sections, not papers; كل الأخبار and أخبار سوريا too.
_SECTION = re.compile(
    r"(?:ال)?(?:اخبار|أخبار|سياسة|رياضة|اقتصاد|ثقافة|فن|فنون|مقالات|اراء|آراء|راي|رأي|تقارير|تحقيقات|محليات|عاجل"
    r"|منوعات|صحة|علوم|تكنولوجيا|مجتمع|صور|فيديو|رئيسية|موقع|ارشيف|أرشيف|كل|عربي|عربية|دولي|دولية|محلية)\b"
)


def predict_page_source(record: RawRecord) -> Prediction | None:
    """The name beside the record's own title, which must be the rest of the page's."""
    for split in iter_title_splits(record.page_title):
        if is_same_wording(split.headline, record.title) and (guess := _guess(split)):
            return guess
    return None


def _guess(split: TitleSplit) -> Prediction | None:
    name = split.site
    known = find_agency_or_publisher(name)
    if not known and (len(name.split()) > WORDS or re.search(r"[\d.؟?!،:]", name) or _SECTION.match(name)):
        return None
    return Prediction("source", known or name, KNOWN if known else UNHEARD, METHOD, split.start, split.end)
