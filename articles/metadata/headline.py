"""The title of a text that came without one: a line that stands above it like a headline, else the first
sentence of the report, which only stands in for one."""

from __future__ import annotations

import re

from arabic.dates.tagger import find_dates
from articles.metadata.edge_lines import TextLine, first_lines
from articles.metadata.lead_in import LeadIn, parse_lead_in
from articles.metadata.prediction import Prediction

# What stands for the title of a text without one: its first sentence. Lines that are more like a title are
# looked for in `facts.headline`.


TITLE_CHARACTERS = 100
#: The end of a sentence: a stop before a blank, or the end of a line.
_SENTENCE_END = re.compile(r"(?<=[.!?؟…۔])\s|\n")


def first_sentence(text: str) -> str:
    """The first sentence or line, cut between words to at most 100 characters (with "…" then)."""
    sentence = _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip()
    if len(sentence) <= TITLE_CHARACTERS:
        return sentence
    cut = sentence[:TITLE_CHARACTERS]
    head = cut[:-1].rsplit(maxsplit=1)[0] if " " in cut[:-1].strip() else cut[:-1]
    return head.rstrip(" ،,؛;:-") + "…"


#: A line above an empty one, or above a byline or dateline; a line above a longer one; the first sentence of
#: a text. The last is hardly ever the headline that the paper printed: it is offered, not believed.
APART, ABOVE, SENTENCE = 0.9, 0.8, 0.3
#: Short words on both sides of a dash are credits as often as a title.
DASHED = 0.5
#: A dateline of so much is taken off the first sentence.
SURE = 0.8
#: So much stands beside the name in a credit, in characters.
REST_OF_CREDIT = 30
#: A headline has so many words; two are enough where it stands apart.
FEWEST_APART, FEWEST, MOST_WORDS = 2, 3, 18
#: A line like this ends a sentence or opens a list.
_ENDS_SENTENCE = re.compile(r"[.،,؛;:：…]\s*$|(?<!\.)\.\s")
_SHORT_PARTS = re.compile(r"\W*\w+(?: \w+){0,2} ?[-–—] ?\w+(?: \w+){0,2}\W*")
#: What sites print above a text; furniture is the business of cleaning, this only keeps titles from it.
_FURNITURE = re.compile(
    r"\W*(?:(?:شارك|اقرأ أيضا|اقرأ أيضاً|مشاركة|طباعة|نشر في|تاريخ النشر|آخر تحديث|مصدر الصورة"
    r"|تعليق على الصورة|Image caption|Getty Images|المصدر)\b[^\n]{0,60}"
    r"|(?:نقلا|نقلاً) عن\b[^\n]{0,40}"
    r"|الرئيسية|عاجل|أخبار|سياسة|اقتصاد|رياضة|ثقافة|منوعات|رأي|صورة|محليات|دولي|عربي)\W*"
)


#: Beside a date in a line of its own: "14:20 ص", "آخر تحديث", "بتوقيت غرينتش".
_BESIDE_DATE = re.compile(
    r"[\W\d_]|\b(?:ص|م|صباحا|صباحًا|صباحاً|مساء|مساءً|ظهرا|الساعة|يوم|بتوقيت|غرينتش|غرينيتش|دمشق|القاهرة|مكة"
    r"|بتاريخ|التاريخ|التوقيت|GMT|AM|PM|am|pm)\b"
)


def predict_title(body: str, opening: LeadIn, taken: list[Prediction]) -> Prediction | None:
    """The title; `taken` are the guesses about byline, source and dateline, whose lines are none."""
    if not body.strip():
        return None
    lines = first_lines(body)
    for number, line in enumerate(lines):
        if _is_other(body, line, taken) or _FURNITURE.fullmatch(line.text):
            continue
        sure = line.blank_after or (number + 1 < len(lines) and _is_other(body, lines[number + 1], taken))
        if not _like_headline(line, body, FEWEST_APART if sure else FEWEST):
            break
        text = line.text.strip()
        start = line.start + line.text.find(text)
        confidence = DASHED if _SHORT_PARTS.fullmatch(text) else APART if sure else ABOVE
        return Prediction("title", text, confidence, "line", start, start + len(text))
    begin = _report_begins(body, lines, opening, taken)
    sentence = first_sentence(body[begin:])
    written = sentence.rstrip("…")
    start = body.find(written, begin)
    return Prediction("title", sentence, SENTENCE, "first-sentence", start, start + len(written))


def _is_other(body: str, line: TextLine, taken: list[Prediction]) -> bool:
    """Whether the line is a byline or another credit."""
    if parse_lead_in(body, line.start).end >= line.end or _is_date(line.text):
        return True
    for guess in taken:
        inside = line.start <= guess.start and guess.end <= line.end and guess.confidence >= 0.5
        if inside and len(line.text.strip()) - (guess.end - guess.start) < REST_OF_CREDIT:
            return True
    return False


def _is_date(text: str) -> bool:
    """Whether a line says when and nothing else."""
    tags = find_dates(text) if any(letter.isdigit() for letter in text) else []
    for tag in reversed(tags):
        text = text[: tag.start] + text[tag.end :]
    return bool(tags) and not _BESIDE_DATE.sub("", text)


def _like_headline(line: TextLine, body: str, fewest: int) -> bool:
    text = line.text.strip()
    if text.isascii() and not body[line.end : line.end + 200].isascii():
        return False  # "Next Previous" above an Arabic text
    if not fewest <= len(text.split()) <= MOST_WORDS or _ENDS_SENTENCE.search(text) or text[-1:] == ")":
        return False
    return len(body[line.end :].strip()) > len(text)


def _report_begins(body: str, lines: list[TextLine], opening: LeadIn, taken: list[Prediction]) -> int:
    """Where the first sentence of the report is: behind lines that are none of it, and behind a dateline that
    leaves no doubt."""
    begin = 0
    for line in lines:
        if not (_is_other(body, line, taken) or _FURNITURE.fullmatch(line.text)):
            break
        begin = line.end
    signed = any(guess.field == "dateline" and guess.confidence >= SURE for guess in taken)
    if signed and not body[begin : opening.parts[0].start].strip(" \n\t*•"):
        begin = max(begin, opening.end)
    return begin if body[begin:].strip() else 0
