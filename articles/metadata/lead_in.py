"""The lead-in of a report, before its first sentence: "دمشق - سانا:", "بيروت (رويترز) -", "حلب، أحمد العلي:".

It is split at dashes, brackets, commas and colons, and each part is recognized as a place, agency, person,
newspaper or date; the first part that is none of these belongs to the report. Its place is the dateline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from arabic.tables.gazetteer import GazetteerEntry, gazetteer, name_key, read_table
from articles.metadata.edge_lines import first_lines, first_paragraph
from articles.metadata.prediction import Prediction
from articles.text.persons import KNOWN, NONE, SHAPE, may_be_name, name_confidence, without_honorific
from articles.text.publishers import find_agencies, find_paper, find_publisher, is_unnamed_agency

#: Maximum length of a lead-in, number of its parts, and length of a part and of a line of credits.
MAX_LEAD_IN_CHARACTERS, MAX_PARTS, MAX_PART_CHARACTERS, MAX_CREDIT_LINE_CHARACTERS = 170, 8, 45, 60
_PART = re.compile(r"(«[^»\n]{2,35}»|[^-–—−:：،,/|()\[\]\n«]+|«)|([-–—−:：،,/|()\[\]\n]+)")
#: A tatweel by itself is a dash.
_LONE_TATWEEL = re.compile(r"(?<=\s)ـ+(?=\s)")
_BETWEEN_DASHES = re.compile(r"[^-–—−/|]+")
_ALEF = re.compile("[اأإآ]")
_STRONG = frozenset(":：-–—−\n")
_BEFORE_PLACE = re.compile(r"(?:مدينة|بلدة|محافظة|من|في)\s+")
_BEHIND_PLACE = re.compile(r"(?<!\s)\s++(?:المحتلة|العاصمة|المحررة)$")
_FAMILY = re.compile(r"\sال\w+ي$")
_DAYS = ("السبت", "الأحد", "الاثنين", "الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "اليوم", "أمس")
_WEEKDAYS = frozenset(map(name_key, _DAYS))
_WORDS_BESIDE = (
    "خاص",
    "تقرير",
    "متابعة",
    "متابعات",
    "كتب",
    "كتبت",
    "بقلم",
    "إعداد",
    "تحقيق",
    "حوار",
    "مراسلنا",
)
_LABELS = frozenset(map(name_key, _WORDS_BESIDE))
_LABELLED = re.compile(r"(?:تقرير|متابعة|كتب|كتبت|بقلم|إعداد|تحقيق|حوار|مراسلنا|مراسل)\s+(?=\S)")
#: "From" after the reporter's newspaper: «القدس العربي» من طارق الفايد.
_FROM = re.compile(rf"{_LABELLED.pattern}|من\s+(?=\S)")
MASK = "\N{OBJECT REPLACEMENT CHARACTER}"
#: Confidences of a dateline. Next to an agency, newspaper or date, next to a person, or in a line of credits
#: a place is a dateline; a place with a dash or colon nearly always; an ambiguous name, a country, or a place
#: alone on its line (a team, a heading) less often; before a parenthesis rarely; two countries are a match.
WITH_COMPANY, WITH_PERSON, IN_CREDITS, ALONE, AMBIGUOUS, ASIDE = 0.97, 0.95, 0.92, 0.85, 0.45, 0.35
#: A smaller village is rarely a dateline by itself, and its name is often a common word (المصدر).
VILLAGE = 10_000


@cache
def _date_pattern() -> re.Pattern[str]:
    """Return the pattern of dates in datelines: 12 آذار/مارس 2013, 24 أيار (مايو), 24-5-2013."""
    rows = (*read_table("months.tsv"), *read_table("hijri_months.tsv"))
    names = sorted({row["name"] for row in rows}, key=len, reverse=True)
    month = "(?:" + "|".join(_ALEF.sub("[اأإآ]", name) for name in names) + ")"
    written = (
        rf"\d{{1,2}}\s*+(?:[-/]\s*+)?{month}(?:\s*+[/(]\s*+{month}\)?)?(?:\s*+(?:[,،/-]\s*+)?\d{{4}}(?!\d))?"
    )
    day = rf"(?:{written}|\d{{1,4}}\s?[-/.]\s?\d{{1,2}}(?:\s?[-/.]\s?\d{{2,4}})?)(?:\s*+(?:هـ|ه|م)(?!\w))?"
    return re.compile(rf"{day}(?:\s*+(?:الموافق|-|/|،)\s*+{day})?")


@dataclass(frozen=True, slots=True)
class LeadInPart:
    """A part of a lead-in: `kind` (place, agency, person, paper, date, label, unknown) and its `name`."""

    kind: str
    name: str
    start: int
    end: int
    entry: GazetteerEntry | None = None
    confidence: float = 0.0


@dataclass(slots=True)
class LeadIn:
    """The parts, and the offset `end` at which the report begins (0: there is no lead-in).

    `closed`: a sign that ends a lead-in was found; `aside`: what follows looks like words between dashes or
    the rest of a headline; `line`: it is one part on a line of its own.
    """

    parts: list[LeadInPart] = field(default_factory=list)
    end: int = 0
    closed: bool = False
    aside: bool = False
    line: bool = False

    def of_kind(self, kind: str) -> list[LeadInPart]:
        """Return the parts of a kind."""
        return [part for part in self.parts if part.kind == kind]


def find_lead_in(body: str) -> LeadIn:
    """Return the lead-in of the first line that has one, up to and including the first paragraph.

    One with a place, agency or newspaper is preferred to a mere byline. A known newspaper on a line of its
    own above the lead-in becomes part of it.
    """
    byline = masthead = LeadIn()
    for line in (*first_lines(body), first_paragraph(body)):
        if line and (found := parse_lead_in(body, line.start)).end:
            if found.line and found.of_kind("paper") and find_paper(found.parts[0].name):
                masthead = masthead if masthead.end else found
            elif any(map(found.of_kind, ("place", "agency", "paper"))):
                found.parts = [*masthead.parts, *found.parts]
                return found
            else:
                byline = byline if byline.end else found
    return masthead if masthead.end else byline


def parse_lead_in(body: str, begin: int = 0) -> LeadIn:
    """Return the lead-in of the text from offset `begin` on."""
    head = _LONE_TATWEEL.sub(
        lambda dashes: "-" * len(dashes[0]), body[begin : begin + MAX_LEAD_IN_CHARACTERS]
    )
    head = _mask_dates(head)
    return _credit_line(head, begin) or _split(head, begin)


def _credit_line(head: str, begin: int) -> LeadIn | None:
    """Return the lead-in of a line of credits between dashes ("هيفاء علي – الفجر", "جدة - مكتب المدينة").

    One of the credits may be a name that is in no table, mostly that of the newspaper.
    """
    line, newline, _rest = head.partition("\n")
    texts = list(_BETWEEN_DASHES.finditer(line))
    if not newline or len(line) > MAX_CREDIT_LINE_CHARACTERS or len(texts) not in (2, 3):
        return None
    found = LeadIn(end=begin + len(line) + 1, closed=True)
    for match in texts:
        text = match[0].rstrip(" \t:：")
        part = _parse_part(text, begin + match.start(), found)
        name = text.strip(" \t*•")
        if part is None and (not 0 < len(name.split()) <= 3 or ":" in name):
            return None
        found.parts.append(part or _unrecognized_part(name, begin + match.start() + match[0].find(name)))
    guessed = [part for part in found.parts if part.kind == "unknown" or 0 < part.confidence < KNOWN]
    known = [
        part for part in found.parts if part.kind in ("place", "agency", "label") or part.confidence >= KNOWN
    ]
    return found if len(guessed) == 1 and known and may_be_name(guessed[0].name) else None


def _unrecognized_part(name: str, start: int) -> LeadInPart:
    """Return a part of kind person if the words look like a name with a family name, else unknown."""
    person = name_confidence(name) and _FAMILY.search(name)
    kind, like = ("person", SHAPE) if person else ("unknown", NONE)
    return LeadInPart(kind, name, start, start + len(name), confidence=like)


def _split(head: str, begin: int) -> LeadIn:
    found = signed = LeadIn()
    at, separator = 0, ""
    for match in _PART.finditer(head):
        if match[2]:
            separator = match[2]
            at = match.end()
            if found.parts and (_STRONG & set(separator) or (found.of_kind("agency") and "/" in separator)):
                found.closed = True
                if found.of_kind("place") and (found.of_kind("agency") or found.of_kind("paper")):
                    signed = _finish(found, head, begin, at, separator)
            continue
        text = match[1]
        if not text.strip():
            continue
        part = _parse_part(text, begin + match.start(), found) if len(found.parts) < MAX_PARTS else None
        if part is None or (found.closed and "\n" in separator):
            break
        found.parts.append(part)
        found.closed = found.closed and text[0] == "«"  # «كذا» needs no other sign after it
        at = match.end()
    if found.parts and found.closed:
        return _finish(found, head, begin, at, separator)
    # What looked like another part was the beginning of the report: "حمص - سانا: دمشق، …".
    return signed if signed.end else LeadIn(found.parts)


def _finish(found: LeadIn, head: str, begin: int, at: int, separator: str) -> LeadIn:
    """Return the lead-in if the report begins at head[at]."""
    line = len(found.parts) == 1 and not set(separator) - set("\n ")
    return LeadIn([*found.parts], begin + at, True, _is_aside(head[at:], separator), line)


def _mask_dates(head: str) -> str:
    """Replace dates by one repeated character between commas, so that signs inside a date do not split."""
    if not any(letter.isdigit() for letter in head[:80]):
        return head
    return _date_pattern().sub(lambda date: f",{MASK * (len(date[0]) - 2)},", head)


def _parse_part(text: str, start: int, before: LeadIn) -> LeadInPart | None:
    start += len(text) - len(text.lstrip())
    end = start + len(text.strip())
    plain = text.strip(" \t\u00a0.*•")
    if MASK in plain or name_key(plain) in _WEEKDAYS:
        return LeadInPart("date", plain, start, end)
    return _recognize(plain, start, end, before) if len(plain) <= MAX_PART_CHARACTERS else None


def _recognize(text: str, start: int, end: int, before: LeadIn) -> LeadInPart | None:
    if is_unnamed_agency(text) or name_key(text) in _LABELS:
        return LeadInPart("label", text, start, end)
    if name := find_publisher(text):
        return LeadInPart("paper", name, start, end)
    named = find_agencies(text)
    places = _find_places(text) if not (named and before.of_kind("place")) else []
    if places:
        return LeadInPart("place", text, start, end, places[0])
    if named:
        return LeadInPart("agency", named[0], start, end, confidence=1 / len(named))
    signed = before.of_kind("paper") or before.of_kind("agency")
    labelled = (_FROM if signed else _LABELLED).sub("", text)
    name, company = (
        without_honorific(labelled),
        labelled != text or before.of_kind("place") or before.of_kind("label"),
    )
    like = name_confidence(name)
    known = like >= KNOWN or (like >= SHAPE and company)
    return LeadInPart("person", name, start, end, confidence=like) if known else None


def _find_places(text: str) -> list[GazetteerEntry]:
    if found := gazetteer().lookup(text):
        return found
    plain = _BEHIND_PLACE.sub("", _BEFORE_PLACE.sub("", text))
    return gazetteer().lookup(plain) if plain != text else []


def _is_aside(rest: str, separator: str) -> bool:
    """Return True if no report begins like this: "حلب - التي تحاصر - …", "دمشق: مدينة لا تنام" as a line."""
    if set(separator) & set("-–—−"):
        closing = re.search(r"\s[-–—−]\s|[-–—−]\s", rest[:60])
        if closing:
            return True
    line = rest.split("\n", 1)
    return len(line) > 1 and 0 < len(line[0].strip()) < 45 and "\n" not in separator


def predict_dateline(lead_in: LeadIn) -> Prediction | None:
    """Return the first place of the lead-in, or None if there is none."""
    places = lead_in.of_kind("place")
    if not places or not lead_in.end:
        return None
    first = places[0]
    entry = first.entry
    if lead_in.of_kind("agency") or lead_in.of_kind("paper") or lead_in.of_kind("date"):
        confidence, method = WITH_COMPANY, "dateline-signed"
    elif lead_in.of_kind("person"):
        confidence, method = WITH_PERSON, "dateline-person"
    elif lead_in.of_kind("unknown"):
        confidence, method = IN_CREDITS, "dateline-credits"
    elif lead_in.aside or (len(places) > 1 and all(_is_country(place) for place in places)):
        confidence, method = ASIDE, "dateline-place"
    elif entry is None or entry.ambiguous or entry.kind == "country" or _is_village(entry) or lead_in.line:
        confidence, method = AMBIGUOUS, "dateline-place"
    else:
        confidence, method = ALONE, "dateline-place"
    return Prediction("dateline", first.name, confidence, method, first.start, first.end)


def _is_village(entry: GazetteerEntry) -> bool:
    return entry.kind == "city" and entry.population < VILLAGE


def _is_country(place: LeadInPart) -> bool:
    return place.entry is not None and place.entry.kind == "country"
