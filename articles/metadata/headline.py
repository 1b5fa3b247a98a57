"""Prediction of a missing title: a line above the text that looks like a headline, else a sentence."""

from __future__ import annotations

import re

from arabic.dates.date_lines import find_line_dates
from articles.metadata.edge_lines import TextLine, first_lines
from articles.metadata.lead_in import LeadIn, parse_lead_in
from articles.metadata.prediction import Prediction
from articles.text.document import DocumentField

#: Length to which a first sentence is shortened.
MAX_TITLE_CHARACTERS = 100
#: End of a sentence: a full stop before white space, or a line break.
_SENTENCE_END = re.compile(r"(?<=[.!?؟…۔])\s|\n")
#: Confidences: a line above an empty line, a byline or a dateline; a line above a longer line; the first
#: sentence of a text. The last is hardly ever the headline that the newspaper printed, so it is only
#: proposed.
APART, ABOVE, SENTENCE = 0.9, 0.8, 0.3
#: A few words on each side of a dash are as often credits as a title.
DASHED = 0.5
#: Minimum confidence at which a dateline is removed from the first sentence.
CERTAIN_DATELINE = 0.8
#: Maximum number of characters that a credit has besides the name.
MAX_CREDIT_REST = 30
#: Numbers of words of a headline; two are enough if an empty line or a credit follows.
MIN_WORDS_APART, MIN_WORDS, MAX_WORDS = 2, 3, 18
#: Such a line ends a sentence or opens a list.
_ENDS_SENTENCE = re.compile(r"[.،,؛;:：…]\s*$|(?<!\.)\.\s")
_SHORT_PARTS = re.compile(r"\W*\w+(?: \w+){0,2} ?[-–—] ?\w+(?: \w+){0,2}\W*")
#: Words that sites print above a text. Boilerplate rules remove it; here it only must not become a title.
_BOILERPLATE = re.compile(
    r"\W*(?:(?:شارك|اقرأ أيضا|اقرأ أيضاً|مشاركة|طباعة|نشر في|تاريخ النشر|آخر تحديث|مصدر الصورة"
    r"|تعليق على الصورة|Image caption|Getty Images|المصدر)\b[^\n]{0,60}"
    r"|(?:نقلا|نقلاً) عن\b[^\n]{0,40}"
    r"|الرئيسية|عاجل|أخبار|سياسة|اقتصاد|رياضة|ثقافة|منوعات|رأي|صورة|محليات|دولي|عربي)\W*"
)


#: Words next to a date on a line of its own: "14:20 ص", "آخر تحديث", "بتوقيت غرينتش".
_BESIDE_DATE = re.compile(
    r"[\W\d_]|\b(?:ص|م|صباحا|صباحًا|صباحاً|مساء|مساءً|ظهرا|الساعة|يوم|بتوقيت|غرينتش|غرينيتش|دمشق|القاهرة|مكة"
    r"|العدد|بتاريخ|التاريخ|التوقيت|GMT|AM|PM|am|pm)\b"
)


def first_sentence(text: str) -> str:
    """Return the first sentence or line, shortened between words to at most 100 characters and "…"."""
    sentence = _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip()
    if len(sentence) <= MAX_TITLE_CHARACTERS:
        return sentence
    cut = sentence[:MAX_TITLE_CHARACTERS]
    head = cut[:-1].rsplit(maxsplit=1)[0] if " " in cut[:-1].strip() else cut[:-1]
    return head.rstrip(" ،,؛;:-") + "…"


def predict_title(field: DocumentField, lead_in: LeadIn, taken: list[Prediction]) -> Prediction | None:
    """Return the title; `taken` are the other predictions, whose lines are not titles."""
    body = field.text
    if not body.strip():
        return None
    lines = first_lines(body)
    for number, line in enumerate(lines):
        if _is_credit(field, line, taken) or _BOILERPLATE.fullmatch(line.text):
            continue
        sure = line.blank_after or (number + 1 < len(lines) and _is_credit(field, lines[number + 1], taken))
        if not _looks_like_headline(line, body, MIN_WORDS_APART if sure else MIN_WORDS):
            break
        text = line.text.strip()
        start = line.start + line.text.find(text)
        confidence = DASHED if _SHORT_PARTS.fullmatch(text) else APART if sure else ABOVE
        return Prediction("title", text, confidence, "line", start, start + len(text))
    begin = _report_start(field, lines, lead_in, taken)
    sentence = first_sentence(body[begin:])
    written = sentence.rstrip("…")
    start = body.find(written, begin)
    return Prediction("title", sentence, SENTENCE, "first-sentence", start, start + len(written))


def _is_credit(field: DocumentField, line: TextLine, taken: list[Prediction]) -> bool:
    """Return True if the line is a byline or another credit."""
    if parse_lead_in(field.text, line.start).end >= line.end or _is_date(field, line):
        return True
    for prediction in taken:
        inside = (
            line.start <= prediction.start and prediction.end <= line.end and prediction.confidence >= 0.5
        )
        if inside and len(line.text.strip()) - (prediction.end - prediction.start) < MAX_CREDIT_REST:
            return True
    return False


def _is_date(field: DocumentField, line: TextLine) -> bool:
    """Return True if a line contains only a date or time."""
    text = line.text
    tags = field.dates_between(line.start, line.end) if any(map(str.isdigit, text)) else []
    for tag in reversed(tags):
        text = text[: tag.start] + text[tag.end :]
    return bool(tags) and (not _BESIDE_DATE.sub("", text) or bool(find_line_dates(line.text)))


def _looks_like_headline(line: TextLine, body: str, fewest: int) -> bool:
    text = line.text.strip()
    if text.isascii() and not body[line.end : line.end + 200].isascii():
        return False  # "Next Previous" above an Arabic text
    if not fewest <= len(text.split()) <= MAX_WORDS or _ENDS_SENTENCE.search(text) or text[-1:] == ")":
        return False
    return len(body[line.end :].strip()) > len(text)


def _report_start(
    field: DocumentField, lines: list[TextLine], lead_in: LeadIn, taken: list[Prediction]
) -> int:
    """Return the offset of the first sentence of the report, after credits and after a certain dateline."""
    body, begin = field.text, 0
    for line in lines:
        if not (_is_credit(field, line, taken) or _BOILERPLATE.fullmatch(line.text)):
            break
        begin = line.end
    signed = any(
        prediction.field == "dateline" and prediction.confidence >= CERTAIN_DATELINE for prediction in taken
    )
    if signed and not body[begin : lead_in.parts[0].start].strip(" \n\t*•"):
        begin = max(begin, lead_in.end)
    return begin if body[begin:].strip() else 0
