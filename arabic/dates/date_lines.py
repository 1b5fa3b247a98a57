"""Lines with the day of publication: تم نشره الجمعة 24 نيسان 2020 09:22 مساءً, بقلم فلان | السبت 3 آب 2013.

A day counts if the line calls it that of publication, or says nothing else of it. Called that of a change, or
written behind other words ("هاتف", "ترخيص رقم"), it is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from arabic.dates.tagger import find_dates

#: A longer line is a paragraph.
MAX_LINE_CHARACTERS = 160
#: Longest text beside a day that a line calls that of publication.
MAX_REST_CHARACTERS = 60
_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")
_SEPARATORS = re.compile(r"[|•·●\n؛;]")
_PUBLISHED = re.compile(
    r"(?:(?:تم|تاريخ|موعد)\s{1,3}(?:ال)?نشر|نشر[تها]{0,2}\b|النشر"
    r"|(?:أضيف|اضيف|كتب|أدرج|صدر)[تها]{0,2}\s{1,3}(?:في|بتاريخ|يوم)"
    r"|\b(?:published|posted|publié|date of publication)\b)",
    re.I,
)
_CHANGED = re.compile(
    r"(?:تحديث|تعديل|تم التحديث|عدل|حدث|updated|modified|edited|last change|mis à jour|modifié)", re.I
)
#: Words before numbers that look like days: telephones, licences, registers, rights.
_OTHER_NUMBER = re.compile(
    r"هاتف|تلفون|تليفون|فاكس|جوال|موبايل|خليوي|واتس|ترخيص|رخصة|رقم|سجل|قرار|مرسوم|حقوق|العدد|إيداع|ISSN|Tel|Fax|Phone"
    r"|Mobile|Licen[cs]e|No\.|№|©|\(c\)",
    re.I,
)
#: Words that may stand beside a day: "14:20", "الساعة", "بتوقيت غرينتش", "في".
_COMPANIONS = re.compile(
    r"[\W\d_]|\b(?:ص|م|هـ|صباحا|مساء|ظهرا|فجرا|الساعة|ساعة|بتوقيت|غرينتش|غرينيتش|دمشق|بيروت|القاهرة|مكة"
    r"|المكرمة|القدس|التاريخ|تاريخ|بتاريخ|يوم|في|الموافق|on|at|date|le|the|GMT|UTC|AM|PM|EST|EET|AST|T|Z)\b",
    re.I,
)
_AGO = re.compile(
    r"(?:منذ|قبل|أمس|امس|البارحة|أول أمس|اليوم)(?:\s\w{1,12}){0,3}"
    r"|(?P<days>\d{1,2}|an?|one|two|three|four|five|six) days? ago|yesterday|today",
    re.I,
)
_ENGLISH_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True, slots=True)
class LineDate:
    """A day in a line, YYYY-MM-DD, and its offsets; `labelled`: the line calls it that of publication."""

    value: str
    start: int
    end: int
    labelled: bool


def find_line_dates(line: str) -> list[LineDate]:
    """Return the days of publication in a line, those that it calls so first; [] for a line of a text."""
    if len(line) > 2 * MAX_LINE_CHARACTERS or not any(map(str.isdigit, line)):
        return []
    line, offsets = _without_vowels(line)
    if len(line) > MAX_LINE_CHARACTERS:
        return []
    tags, found = find_dates(line), []
    for at, tag in enumerate(tags):
        behind = tags[at - 1].end if at else 0
        ahead = tags[at + 1].start if at + 1 < len(tags) else len(line)
        before = _SEPARATORS.split(line[behind : tag.start])[-1]
        after = _SEPARATORS.split(line[tag.end : ahead])[0]
        if tag.precision != "day" or tag.first != tag.last or tag.note or _CHANGED.search(before):
            continue
        rest = _COMPANIONS.sub("", after)
        labelled = bool(_PUBLISHED.search(before)) and len(before) <= MAX_REST_CHARACTERS
        bare = not _COMPANIONS.sub("", before)
        if (labelled and len(after) <= MAX_REST_CHARACTERS) or (
            bare and (not rest or _is_label(after)) and not _is_sentence(line)
        ):
            found.append(LineDate(tag.value.value, offsets[tag.start], offsets[tag.end], labelled))
    return sorted(found, key=lambda each: not each.labelled)


def may_be_labelled(line: str) -> bool:
    """Return True if a line may call a day that of publication; cheaper than to look for days."""
    return any(map(str.isdigit, line)) and bool(_PUBLISHED.search(_VOWELS.sub("", line)))


def find_counted_date(line: str, fetched: date) -> str:
    """Return the day of a line that says only how many days before `fetched` it was written, or ""."""
    if len(line) > MAX_REST_CHARACTERS:
        return ""
    line = _SEPARATORS.split(_without_vowels(line)[0])[0]
    if _CHANGED.search(line):
        return ""
    line = _PUBLISHED.sub("", line).strip(" :,،-–")
    match = _AGO.fullmatch(line)
    if match is None:
        return ""
    if line.isascii():
        count = (match["days"] or "").lower()
        days = (
            0
            if line.lower() == "today"
            else int(count)
            if count.isdigit()
            else _ENGLISH_NUMBERS.get(count, 1)
        )
        return (fetched - timedelta(days=days)).isoformat()
    tags = [tag for tag in find_dates(line, fetched) if not tag.note]
    one = len(tags) == 1 and tags[0].precision == "day" and tags[0].first == tags[0].last
    return tags[0].value.value if one else ""


def names_other_number(before: str) -> bool:
    """Return True if what looks like a day is a number of another kind, or the day of a change.

    `before` is the text before it on its line.
    """
    return bool(
        _OTHER_NUMBER.search(before[-MAX_REST_CHARACTERS:]) or _CHANGED.search(before[-MAX_REST_CHARACTERS:])
    )


def _is_label(text: str) -> bool:
    """Return True if the words behind a day belong to the next one: "نشر 3-8-2013 آخر تحديث 10-10-2015"."""
    return bool(_CHANGED.search(text) or _PUBLISHED.search(text))


def _is_sentence(line: str) -> bool:
    return line.rstrip()[-1:] in {"؟", "!", "…"} or (line.rstrip().endswith(".") and len(line.split()) > 8)


def _without_vowels(line: str) -> tuple[str, list[int]]:
    """Return the line without vowel marks and tatweel, and for each of its offsets the original one."""
    kept = [at for at, letter in enumerate(line) if not _VOWELS.match(letter)]
    return "".join(line[at] for at in kept), [*kept, len(line)]
