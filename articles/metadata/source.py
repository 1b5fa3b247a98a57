"""Prediction of the source: the signature in the lead-in or at the end, or the site in the page title."""

from __future__ import annotations

import re

from articles.metadata.lead_in import LeadIn
from articles.metadata.masthead import find_masthead
from articles.metadata.prediction import Prediction
from articles.text.page_title import TitleSplit, is_same_wording, iter_title_splits
from articles.text.publishers import find_agencies, find_agency_or_publisher, find_publisher
from articles.text.publishers import find_paper as known_paper
from articles.text.records import RawRecord

#: Confidences: a name that the tables contain or that calls itself a newspaper; any other name. Some of
#: those are sections or mottos of the newspaper, so they are only proposed.
KNOWN_SITE, UNKNOWN_SITE = 0.92, 0.6
PAGE_TITLE_METHOD = "page-title"
MAX_NAME_WORDS = 5
#: Names of sections, also at the beginning: كل الأخبار, أخبار سوريا.
_SECTION = re.compile(
    r"(?:ال)?(?:اخبار|أخبار|سياسة|رياضة|اقتصاد|ثقافة|فن|فنون|مقالات|اراء|آراء|راي|رأي|تقارير|تحقيقات|محليات|عاجل"
    r"|منوعات|صحة|علوم|تكنولوجيا|مجتمع|صور|فيديو|رئيسية|موقع|ارشيف|أرشيف|كل|عربي|عربية|دولي|دولية|محلية)\b"
)


def predict_page_source(record: RawRecord) -> Prediction | None:
    """Return the name next to the headline in the page title, which must be the record's own title."""
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
    return Prediction(
        "source",
        known or name,
        KNOWN_SITE if known else UNKNOWN_SITE,
        PAGE_TITLE_METHOD,
        split.start,
        split.end,
    )


#: Confidences: after a label; after a place; alone before the first sentence; in the last brackets or line.
LABELLED, BEHIND_PLACE, LEADING, AT_THE_END = 0.95, 0.97, 0.85, 0.88
#: A newspaper of the table, in a lead-in; an unknown name, after a label or in a lead-in.
PAPER, UNKNOWN = 0.85, 0.75
#: An unrecognized name in a line of credits; an office or a page as often as a newspaper.
UNRECOGNIZED = 0.45
#: One of several agencies; which of them is credited is unknown.
SEVERAL = 0.4
#: "Quoted from" an agency: the publisher is another one, which is not named.
QUOTED = 0.6
_TAIL = 260
_LABEL = re.compile(r"(?:^|\n|\s)(?:المصدر|مصدر الخبر|Source)\s{0,9}[:：/-]\s{0,9}([^\n:]{2,60})\s*+$")
_QUOTED = re.compile(
    r"(?:^|\n|[.»)]\s*)\(?(?:نقلا|نقلاً)\s{1,9}عن\s{0,9}[:：]?\s{0,9}([^\n:]{2,45}?)\)?[.\s]*+$"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,60})[)\]][\s.]*$")
_DASH = re.compile(r"(?:[-–—−]|\sـ+)\s{0,9}([^-–—−\n.،:]{2,40})[\s.]*+$")
_LINE = re.compile(r"\n[\s*•]{0,9}([^\n]{2,45}?)[\s.]*+$")
#: The credits of the Arabic service of Reuters, with any names.
_REUTERS_CREDITS = re.compile(
    r"\([^()\n]{0,60}?(?:إعداد|اعداد|تغطية)[^()\n]{0,80}للنشرة العربية[^()\n]{0,80}\)\s*$"
)


def predict_source(body: str, lead_in: LeadIn) -> Prediction | None:
    """Return the prediction with the highest confidence; of equal ones that of the lead-in."""
    if masthead := find_masthead(body):
        method = "paper-opening" if masthead.above else "signature-end"
        span = masthead.name_start, masthead.name_end
        return Prediction("source", masthead.name, LABELLED, method, *span)
    predictions = [prediction for prediction in (_from_lead_in(lead_in), _from_end(body)) if prediction]
    if (
        len(predictions) == 2
        and predictions[0].value != predictions[1].value
        and predictions[1].confidence > QUOTED
    ):
        first, last = predictions
        if first.method == "paper-opening" and first.confidence >= PAPER and last.method == "signature-end":
            return first  # the paper stands before the text, the agency that it credits behind it
        return Prediction("source", first.value, SEVERAL, "signatures-differ", first.start, first.end)
    return max(predictions, key=lambda prediction: prediction.confidence, default=None)


def _from_lead_in(lead_in: LeadIn) -> Prediction | None:
    if not lead_in.end:
        return None
    named = lead_in.of_kind("agency")
    if named:
        first = named[0]
        several = len({part.name for part in named}) > 1 or 0 < first.confidence < 1
        behind = lead_in.of_kind("place") or lead_in.of_kind("date")
        confidence = SEVERAL if several else BEHIND_PLACE if behind else LEADING
        return Prediction("source", first.name, confidence, "signature-opening", first.start, first.end)
    for paper in (*lead_in.of_kind("paper"), *lead_in.of_kind("unknown")):
        # «كذا» after a person alone is a nickname.
        known = bool(known_paper(paper.name))
        if known or lead_in.of_kind("place") or paper.kind == "unknown":
            confidence = PAPER if known else UNKNOWN if paper.kind == "paper" else UNRECOGNIZED
            return Prediction("source", paper.name, confidence, "paper-opening", paper.start, paper.end)
    return None


def _from_end(body: str) -> Prediction | None:
    offset = max(0, len(body) - _TAIL)
    tail = body[offset:]
    if match := _LABEL.search(tail):
        return _signature_prediction(match, offset, LABELLED, "label", UNKNOWN)
    if match := _REUTERS_CREDITS.search(tail):
        return Prediction(
            "source", "رويترز", AT_THE_END, "credits", offset + match.start(), offset + match.end()
        )
    if match := _QUOTED.search(tail):
        return _signature_prediction(match, offset, QUOTED, "quoted", QUOTED - 0.2)
    for pattern in (_BRACKETS, _LINE, _DASH):
        match = pattern.search(tail)
        if match and (prediction := _signature_prediction(match, offset, AT_THE_END, "signature-end", 0.0)):
            return prediction
    return None


def _signature_prediction(
    match: re.Match[str], offset: int, known: float, method: str, unknown: float
) -> Prediction | None:
    """Return the prediction for a signature; `unknown` is the confidence in an unknown name (0: none)."""
    text = match[1].strip(" .،*")
    start = offset + match.start(1)
    span = start, start + len(match[1].rstrip())
    named = find_agencies(text)
    if named:
        return Prediction("source", named[0], known if len(named) == 1 else SEVERAL, method, *span)
    name = find_publisher(text) or text
    plain = len(name.split()) <= 5 and not re.search(r"[\d.؟?!]|وكالات|متابعات", name)
    return Prediction("source", name, unknown, method, *span) if unknown and plain else None
