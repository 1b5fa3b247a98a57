"""Factiva's exports (RTF, DOCX, ODT, HTML, TXT), with its codes of fields and without.

An article ends with "Document ALNAHR0020130803e983000b1", its number at Factiva.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.news_databases.export_lines import (
    export_day,
    export_lines,
    has_marks,
    join_paragraphs,
)
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.persons import KNOWN, SHAPE, name_confidence
from articles.text.records import RawRecord, RecordProblem, rejected_record

_NUMBER = r"[A-Z][A-Z0-9]{5,11}(?:19|20)\d{6}[a-z0-9]{5,14}"
_END = re.compile(rf"(?:AN )?Do[ck]ument[eo]?n? ({_NUMBER})\.?")
_MARKS = re.compile(rf"Do[ck]ument[eo]?n?\s{{0,5}}(?:<[^<>]{{0,80}}>\s?){{0,4}}{_NUMBER}".encode())
#: What stands in the first bytes of a text or a page if it is an export.
_HEAD_MARKS = re.compile(
    rb"(?m)(?:^|>)[ \t]{0,40}[\d,.]{1,9} (?:words|mots|W.{1,2}rter|palabras|parole)\b"
    rb"|^HD\b|[Ff]activa|\bxx|Headline"
)
_WORDS = re.compile(
    r"\d[\d,. ]{0,12} ?(?:words|mots|Wörter|palabras|parole|palavras|كلمة|كلمات|слов)", re.IGNORECASE
)
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_TIME = re.compile(r"\d{1,2}:\d\d(?: ?[A-Z]{2,4})?")
_BY = re.compile(r"(?:by|par|von|por|بقلم|كتب|كتبت)[ :]+(.+)", re.IGNORECASE)
_LANGUAGES = frozenset((
    "arabic", "english", "french", "german", "spanish", "italian", "turkish", "persian", "farsi", "russian",
    "kurdish", "arabe", "anglais", "français", "árabe", "inglés", "francés", "español", "arabisch",
    "englisch", "französisch", "deutsch", "arabo", "inglese", "francese", "inglês", "francês", "العربية",
    "الإنجليزية", "الفرنسية",
))  # fmt: skip
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)|all rights|جميع الحقوق|حقوق النشر)", re.IGNORECASE)
#: Factiva's codes of fields; a line with one alone, or before its value.
_FIELD = re.compile(
    r"(SE|HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|CX|LP|TD|CT|RF|ART|CO|IN|NS|RE|IPC|IPD|PUB|AN|CLM|RST)"
    r"(?: +(.*))?"
)
#: Codes that end a text.
_AFTER_TEXT = frozenset(("CT", "RF", "ART", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN"))
#: Lines above the count of words that are looked at: section, headline, author; and those below its day:
#: paper, code, edition, pages, language, copyright.
_HEAD_LINES, _BELOW_LINES = 6, 7
#: Words that a name of a person or a language has at most.
_SHORT = 3


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every article; its bytes are its lines."""
    lines = export_lines(blob.read_all(RECORD_BYTES))
    if lines is None:
        yield rejected_record(blob.name, 0, "office-broken")
        return
    piece: list[str] = []
    row = 0
    for line in lines:
        piece.append(line)
        if _END.fullmatch(line):
            row += 1
            yield _record(blob.name, row, piece)
            piece = []
    if any(map(_WORDS.fullmatch, piece)):  # cut off in the midst of an article
        yield _record(blob.name, row + 1, piece)


def _record(name: str, row: int, lines: list[str]) -> RawRecord:
    data = "\n".join(lines).strip().encode("utf-8", "replace")
    return RawRecord(name, row, data, format="factiva", charset="utf-8")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with headline, text, paper, day and author of the article."""
    lines = record.data.decode("utf-8").split("\n")
    end = next((found for line in reversed(lines) if (found := _END.fullmatch(line))), None)
    lines = [line for line in lines if not _END.fullmatch(line)]
    codes = {found[1] for line in lines if (found := _FIELD.fullmatch(line))}
    values = _coded(lines) if {"HD", "TD"} <= codes or {"HD", "LP"} <= codes else _plain(lines)
    if not values:
        return record.with_problems(
            RecordProblem("export-unknown", lines[0][:80] if lines else "", fatal=True)
        )
    if not values["body"]:
        return record.with_problems(RecordProblem("office-empty", fatal=True))
    return record.with_fields({**values, "external_id": f"factiva:{end[1]}" if end else ""})


def _coded(lines: list[str]) -> dict[str, str]:
    """Return the fields of an article whose lines have codes."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    in_text = False
    for line in lines:
        field = _FIELD.fullmatch(line)
        # In a text "IN THE CITY" is no code: there one stands alone, or its value is one of codes and bars.
        if field and (
            not in_text or (field[1] in _AFTER_TEXT and (not field[2] or "|" in field[2] or ":" in field[2]))
        ):
            current = found.setdefault(field[1], [])
            in_text = field[1] in {"LP", "TD"} or (in_text and field[1] not in _AFTER_TEXT)
            current += [field[2]] if field[2] else []
        elif field and field[1] == "TD":
            current = found.setdefault("TD", [])
            current += [field[2]] if field[2] else []
        else:
            current.append(line)
    text = {code: " ".join(" ".join(found.get(code, ())).split()) for code in ("HD", "BY", "PD", "SN")}
    lead, rest = (join_paragraphs(found.get(code, ())) for code in ("LP", "TD"))
    return {
        "title": text["HD"],
        "body": "\n".join(filter(None, (lead, rest))),
        "byline": _author(text["BY"]),
        "date": export_day(text["PD"]),
        "source": text["SN"][:200],
    }


def _plain(lines: list[str]) -> dict[str, str]:
    """Return the fields of an article in the order of Factiva's display, {} if there is no count of words.

    Headline and author stand before the number of words; day, paper, code, language and copyright after it.
    """
    at = next((at for at, line in enumerate(lines) if _WORDS.fullmatch(line)), -1)
    if at < 0:
        return {}
    above = [line for line in lines[:at] if line][-_HEAD_LINES:]
    author = ""
    if len(above) > 1 and (_BY.fullmatch(above[-1]) or _is_author(above)):
        author = _author(above.pop())
    below = [(place, line) for place, line in enumerate(lines[at + 1 :], start=at + 1) if line]
    day = below[0][1] if below else ""
    rest = below[2:] if len(below) > 1 and _TIME.fullmatch(below[1][1]) else below[1:]
    start = _text_start(lines, rest) if rest else at + 1
    return {
        "title": above[-1] if above else "",
        "body": join_paragraphs(lines[start:]),
        "byline": author,
        "date": export_day(day),
        "source": rest[0][1][:200] if rest else "",
    }


def _is_author(above: list[str]) -> bool:
    """Return True if the last line is a name and no headline of two or three words below a section's name.

    The table has no given names in Latin letters; there the section and a long headline must stand above.
    """
    line, words = above[-1], len(above[-2].split())
    how = name_confidence(line)
    return how == KNOWN or (how == SHAPE and line.isascii() and len(above) > 2 and words > _SHORT)


def _text_start(lines: list[str], rest: list[tuple[int, str]]) -> int:
    """Return the index of the first line of the text; `rest` are the lines from the name of the paper on.

    It begins behind the copyright or the language. Where neither is known, it begins below the code of the
    paper, behind a blank line or with a line of more than a few words.
    """
    near = rest[:_BELOW_LINES]
    language = next((each for each, (_at, line) in enumerate(near) if line.lower() in _LANGUAGES), -1)
    near = near[language + 1 : language + 3] if language >= 0 else near
    rights = [at for at, (_place, line) in enumerate(near) if _COPYRIGHT.search(line) and len(line) < 200]
    if rights:
        return near[rights[0] + (rights[0] + 1 in rights)][0] + 1
    if language >= 0:
        return rest[language][0] + 1
    below = rest[2:] if len(rest) > 1 and _CODE.fullmatch(rest[1][1]) else rest[1:]
    text = (place for place, line in below if not lines[place - 1] or len(line.split()) > _SHORT)
    return next(text, len(lines))


def _author(line: str) -> str:
    found = _BY.fullmatch(line)
    return (found[1] if found else line).strip(" .")


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if a document is an export of Factiva."""
    return has_marks(blob, head, _HEAD_MARKS, _MARKS)


FORMAT = FileFormat(
    key="factiva",
    order=77,
    label="Factiva (rtf, docx, odt, html, txt)",
    gives=_("divided at its numbers into articles with headline, paper, day and author"),
    extensions=(),
    refines=frozenset({"txt", "rtf", "docx", "odt", "html"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
