"""Lines with the day of publication: تم نشره الجمعة 24 نيسان 2020 09:22 مساءً, بقلم فلان | السبت 3 آب 2013.

A day counts if the line calls it that of publication, or says nothing else of it. Called that of a change, or
written behind other words ("هاتف", "ترخيص رقم"), it is none. The words that call a day so are verbs of any
sentence, too ("ونشر ناشطون مقطعا في 5 آذار 2012"): they count only where a label can stand, with nothing but
companions of a day between the label and the day.
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
    r"(?<!\w)(?:(?:تاريخ|موعد)\s{1,3}نشر\s(?:الخبر|المقالة?|الموضوع|المادة|التقرير)"
    r"|(?:(?:تم|تاريخ|موعد|وقت)\s{1,3}(?:و(?:وقت|تاريخ)\s)?)?(?:ال)?نشر[تها]{0,2}"
    r"|(?:أضيف|اضيف|كتب|أدرج|صدر)[تها]{0,2}\s{1,3}(?:في|بتاريخ|يوم)"
    r"|(?:first\s)?published|posted|publiée?|date of publication)(?!\w)",
    re.I,
)
#: A colon makes a label of the words before it, whatever else stands on the line.
_COLON = re.compile(r"\s{0,3}(?:(?:في|بتاريخ|يوم|on|le)\s{0,3})?[:：]", re.I)
_CHANGED = re.compile(
    r"(?:تحديث|تعديل|تم التحديث|عدل|حدث|updated|modified|edited|last change|mis à jour|modifié)", re.I
)
#: Words before numbers that look like days: telephones, licences, registers, rights.
_OTHER_NUMBER = re.compile(
    r"هاتف|تلفون|تليفون|فاكس|جوال|موبايل|خليوي|واتس|ترخيص|رخصة|رقم|سجل|قرار|مرسوم|حقوق|العدد|إيداع|ISSN|Tel|Fax|Phone"
    r"|Mobile|Licen[cs]e|No\.|№|©|\(c\)",
    re.I,
)
#: Words that may be beside a day: "14:20", "الساعة", "بتوقيت غرينتش", "في".
_COMPANION = (
    r"[\W\d_]|\b(?:ص|م|هـ|صباحا|مساء|ظهرا|فجرا|الساعة|ساعة|بتوقيت|غرينتش|غرينيتش|دمشق|بيروت|القاهرة|مكة"
    r"|المكرمة|القدس|التاريخ|تاريخ|بتاريخ|يوم|في|الموافق|on|at|date|le|the|GMT|UTC|AM|PM|EST|EET|AST|T|Z)\b"
)
_COMPANIONS = re.compile(_COMPANION, re.I)
_LEADING_COMPANIONS = re.compile(rf"(?:{_COMPANION})*", re.I)
#: What may stand between a label and its day besides: "نشر اليوم السبت", "Posted by admin on".
_BESIDE_LABEL = re.compile(
    rf"{_COMPANION}|\b(?:اليوم|(?:ال)?(?:سبت|[أا]حد|[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة)"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:هذا|هذه) (?:الخبر|المقالة?|الموضوع|المادة|التقرير|التدوينة))\b"
    r"|\b(?:by|par|بواسطة)\s\w{1,30}(?:\s\w{1,30}){0,3}?(?:\s(?:on|at|le|في|بتاريخ|يوم)\b|\s?[-–—,،]|\s?$)",
    re.I,
)
#: Another part of the line before a label, and the ones that follow a labelled day.
_PART_BEFORE = re.compile(
    r"(?:\s[-–—/]|[)\]])\s{0,3}$|^\W{0,3}(?:بقلم|بواسطة|by|par)(?:\s\S{1,30}){1,4}\s{0,3}$", re.I
)
_PART_BEHIND = re.compile(
    r"(?:[آا]خر|تم|(?:ال)?قسم|الكاتب|(?:ال)?مصدر|بقلم|بواسطة|عدد|(?:ال)?(?:مشاهدات|زيارات|قراءات|تعليقات)|شارك|طباعة"
    r"|على الموقع|last|updated|modified|edited|by|par|in|comments?|views?)\b",
    re.I,
)
#: A day of change that follows: "آخر تحديث", not "تم تعديل الدستور".
_CHANGE_BEHIND = re.compile(
    r"(?:[آا]خر\s(?:تحديث|تعديل)|(?:تم|جرى)\s(?:ال)?(?:تحديث|تعديل)(?:ها?)?\W{0,3}(?:في|يوم|بتاريخ|$)"
    r"|(?:تم|جرى)\s(?:التحديث|التعديل)|(?:last\s)?(?:updated|modified|edited|change)|mis à jour|modifié)\b",
    re.I,
)
#: The hour and minute behind a day, which sentences seldom give.
_TIME = re.compile(r"[\s,،–-]{0,4}(?:الساعة\s|at\s)?\d{1,2}:\d\d")
#: Most words of a part that only a comma separates from a label or its day, and of one that nothing does.
MAX_PART_WORDS, MAX_WORDS_BESIDE_TIME = 4, 2
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
        labelled = _is_labelled(before, after)
        bare = not _COMPANIONS.sub("", before)
        alone = not _COMPANIONS.sub("", after) or _is_label(after, ahead < len(line))
        if (labelled or (bare and alone)) and not _is_sentence(line):
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


def _is_labelled(before: str, after: str) -> bool:
    """Return True if the words around a day call it that of publication."""
    if max(len(before), len(after)) > MAX_REST_CHARACTERS or names_other_number(before):
        return False
    label = next(reversed(list(_PUBLISHED.finditer(before))), None)
    if label is None or _BESIDE_LABEL.sub("", before[label.end() :]):
        return False
    if _COLON.match(before, label.end()):
        return True
    is_timed = _TIME.match(after) and ("نشر" in label[0] or label[0].isascii())
    most = MAX_WORDS_BESIDE_TIME if is_timed else 0
    return _may_precede_label(before[: label.start()], most) and _may_follow_day(after, most)


def _may_precede_label(text: str, most: int) -> bool:
    """Return True for another part of a line, False for the beginning of a sentence: "كتاب لها صدر في".

    `most` words need nothing between them and the label.
    """
    if len(text.split()) <= most or not _COMPANIONS.sub("", text) or _PART_BEFORE.search(text):
        return True
    return text.rstrip()[-1:] in {"،", ","} and len(text.split()) <= MAX_PART_WORDS


def _may_follow_day(text: str, most: int) -> bool:
    """Return True for nothing or another part, False for the rest of a sentence: "صدر في 5 آذار مرسوم".

    `most` words need nothing between them and the day.
    """
    companions = _LEADING_COMPANIONS.match(text)
    begin = companions.end() if companions else 0
    rest, gap = text[begin:], text[:begin].rstrip()
    if len(rest.split()) <= most or gap[-1:] in {"-", "–", "—"} or _PART_BEHIND.match(rest):
        return True
    return gap[-1:] in {"،", ",", "(", "/"} and len(rest.split()) <= MAX_PART_WORDS


def _is_label(text: str, has_next: bool) -> bool:
    """Return True if the words behind a day belong to the next one: "نشر 3-8-2013 آخر تحديث 10-10-2015"."""
    companions = _LEADING_COMPANIONS.match(text)
    rest = text[companions.end() if companions else 0 :]
    label = _PUBLISHED.match(rest) if has_next else None
    return bool(_CHANGE_BEHIND.match(rest) or (label and not _BESIDE_LABEL.sub("", rest[label.end() :])))


def _is_sentence(line: str) -> bool:
    return line.rstrip()[-1:] in {"؟", "!", "…"} or (line.rstrip().endswith(".") and len(line.split()) > 8)


def _without_vowels(line: str) -> tuple[str, list[int]]:
    """Return the line without vowel marks and tatweel, and for each of its offsets the original one."""
    kept = [at for at, letter in enumerate(line) if not _VOWELS.match(letter)]
    return "".join(line[at] for at in kept), [*kept, len(line)]
