"""Prediction of a byline that is outside the sentences of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.metadata.edge_lines import TextLine, first_lines, last_lines
from articles.metadata.lead_in import LeadIn
from articles.metadata.prediction import Prediction
from articles.text.persons import KNOWN, NONE, name_confidence, without_honorific
from articles.text.publishers import find_agencies, find_agency_or_publisher, is_unnamed_agency

#: Confidences: after a label ("بقلم:"); "كتب فلان:" before the first sentence; next to the place of a
#: dateline; on a line of its own above the text, and below it, where letters and poems are signed too; in
#: the credits at the end; next to an occupation ("كاتب سوري").
LABELLED, WROTE, IN_LEAD_IN, LINE_ABOVE, LINE_BELOW = 0.96, 0.88, 0.93, 0.85, 0.6
CREDITED, OFFICE = 0.85, 0.85
#: Factor for a name that only has the shape of one.
SHAPE_SHARE = 0.6
_NAME = r"([^\n:：()|]{4,60}?)"
_LABELS = (
    "بقلم|كتبه|كتبها|كتب|كتبت|يكتبه|إعداد|اعداد|تقرير|تحقيق|حوار|أجرى الحوار|أجرت الحوار|حاوره|حاورها"
    "|حاورته|متابعة|متابعات|تغطية|استطلاع|رصد|الكاتب|الكاتبة|المحرر|Author|Written by"
)
_LABELLED = re.compile(
    rf"[\W_]{{0,3}}(?:{_LABELS})(?:\s{{1,9}}(?:و?تصوير|وإعداد|خاص))?\s*+[:：/|–—-]\s{{0,9}}"
    + _NAME
    + r"\s*+(?:[-–—|/.]\s*+)?"
)
_BY = re.compile(r"[\W_]{0,3}(?:بقلم|By|BY)\s{1,9}" + _NAME + r"\s*+(?:[.،-]\s*+)?")
#: A line of its own without a colon; only before a known name.
_WROTE_LINE = re.compile(r"[\W_]{0,3}(?:كتب|كتبت|إعداد|اعداد)\s{1,9}" + _NAME + r"\s*+(?:[.،-]\s*+)?")
_WROTE = re.compile(
    r"\s*(?:كتب|كتبت|يكتب|تكتب)\b\s{0,9}[-–—:]?\s{0,9}([^\n:：،,.؛()-]{4,45}?)\s{0,9}(?:[:：]|[-–—](?=\s)|\n)"
)
_REPORTER = re.compile(
    r"[\W_]{0,3}(?:مراسل\w*|موفد\w*)(?:\s+[^\s:،,–—-]+){0,5}\s*+[:：،,–—-]\s{0,9}"
    + _NAME
    + r"\s*+(?:[.:–—-]\s*+)?"
)
_OFFICE = r"(?:كاتبة?|صحا?في|صحا?فية|باحثة?|أكاديمي|أكاديمية|مراسلة?|محلل|إعلامي|إعلامية|روائي|شاعر)"
_NAME_AND_OFFICE = re.compile(
    r"[\s*•]{0,9}" + _NAME + r"\s{0,9}[،,*–—|-]\s*+" + _OFFICE + r"\b[^\n.]{0,60}\.?\s*"
)
_OFFICE_LINE = re.compile(r"[\s*•(]*" + _OFFICE + r"\b[^\n.:]{0,60}\.?\)?\s*")
_CREDITS = re.compile(
    r"\((?:إعداد|اعداد|تغطية|تقرير|كتابة)\s{1,9}([^()\n]{4,50}?)"
    r"(?:\s{1,9}للنشرة العربية)?\s{0,9}(?:[-–—؛;،,][^()\n]{0,200})?\)\s*+$"
)


def predict_byline(body: str, lead_in: LeadIn) -> Prediction | None:
    """Return the prediction with the highest confidence; of equal ones the first in the text."""
    predictions = [
        *_from_lines(first_lines(body), LINE_ABOVE),
        *_from_lead_in(lead_in),
        *_from_wrote(body),
        *_from_end(body),
    ]
    return max(predictions, key=lambda prediction: prediction.confidence, default=None)


def _from_lead_in(lead_in: LeadIn) -> Iterator[Prediction]:
    if lead_in.end and any(map(lead_in.of_kind, ("place", "paper", "label", "agency", "unknown"))):
        for part in lead_in.of_kind("person")[:1]:
            share = 1.0 if part.confidence >= KNOWN else SHAPE_SHARE
            yield Prediction("byline", part.name, IN_LEAD_IN * share, "opening", part.start, part.end)


def _from_wrote(body: str) -> Iterator[Prediction]:
    if match := _WROTE.match(body[:80]):
        yield from _name_predictions(match, 0, WROTE, "wrote")


def _parts_of(lines: list[TextLine]) -> Iterator[TextLine]:
    """Yield the lines, and of a line divided by bars its parts: "بقلم ليلى ناصر | السبت 3 آب 2013"."""
    for line in lines:
        if "|" not in line.text:
            yield line
            continue
        start = line.start
        for part in line.text.split("|"):
            lead = len(part) - len(part.lstrip())
            if part.strip():
                yield TextLine(part.strip(), start + lead, line.has_neighbour)
            start += len(part) + 1


def _from_lines(found: list[TextLine], alone: float) -> Iterator[Prediction]:
    lines = [*_parts_of(found)]
    for number, line in enumerate(lines):
        for pattern, confidence, method in (
            (_LABELLED, LABELLED, "label"),
            (_BY, LABELLED, "label"),
            (_REPORTER, OFFICE, "reporter"),
            (_NAME_AND_OFFICE, OFFICE, "office"),
        ):
            match = pattern.fullmatch(line.text)
            if match and (predictions := list(_name_predictions(match, line.start, confidence, method))):
                yield from predictions
                break
        else:
            wrote = _WROTE_LINE.fullmatch(line.text) if line.has_neighbour else None
            if wrote and name_confidence(without_honorific(wrote[1])) == KNOWN:
                yield from _name_predictions(wrote, line.start, WROTE, "wrote")
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            yield from _from_name_line(line, following, alone)


def _from_name_line(line: TextLine, following: str, alone: float) -> Iterator[Prediction]:
    """Yield a prediction if the line is only a name; more certain above a line with an occupation."""
    name = without_honorific(line.text.strip(" .:：-–—*"))
    if name_confidence(name) == KNOWN and line.has_neighbour:
        confidence = OFFICE if _OFFICE_LINE.fullmatch(following) else alone
        start = line.start + line.text.find(name)
        yield Prediction("byline", name, confidence, "line", start, start + len(name))


def _from_end(body: str) -> Iterator[Prediction]:
    offset = max(0, len(body) - 200)
    if match := _CREDITS.search(body[offset:]):
        yield from _name_predictions(match, offset, CREDITED, "credits")
    yield from _from_lines(last_lines(body), LINE_BELOW)


def _name_predictions(
    match: re.Match[str], offset: int, confidence: float, method: str
) -> Iterator[Prediction]:
    name = without_honorific(match[1])
    if find_agencies(name) or find_agency_or_publisher(name) or is_unnamed_agency(name):
        return
    like = KNOWN if method == "label" and name.isascii() and name_confidence(name) else name_confidence(name)
    if like > NONE:
        share = 1.0 if like == KNOWN else SHAPE_SHARE
        start = offset + match.start(1) + match[1].find(name)
        yield Prediction("byline", name, round(confidence * share, 2), method, start, start + len(name))
