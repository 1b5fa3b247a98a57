"""Exports of Factiva and Nexis, as they write them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.articles.readers.document_dumps import rtf_of
from tests.articles.readers.sample_files import docx_paragraphs, make_docx
from tests.articles.readers.stories import Story


def factiva_lines(stories: Sequence[Story]) -> list[str]:
    lines: list[str] = []
    for each in stories:
        lines += [
            "أخبار",
            each.title,
            f"By {each.author}",
            "512 words",
            each.english_day,
            "09:15 GMT",
            each.source,
            "NAHR",
            "Arabic",
            f"(c) {each.day.year} {each.source}. All Rights Reserved.",
            "",
            each.body,
            "",
            "فقرة ثانية.",
            "",
            f"Document NAHR000020{each.day:%y%m%d}e983{each.number:05}",
            "",
        ]
    return [*lines, "Search Summary", "Text", "الجسر", "© 2013 Factiva, Inc. All rights reserved."]


def factiva_coded(stories: Sequence[Story]) -> bytes:
    lines: list[str] = []
    for each in stories:
        lines += [
            "SE   أخبار",
            f"HD   {each.title}",
            f"BY   By {each.author}",
            "WC   512 words",
            f"PD   {each.english_day}",
            f"SN   {each.source}",
            "SC   NAHR",
            "LA   Arabic",
            "CY   (c) 2013",
            "",
            "LP",
            each.body,
            "",
            "TD",
            "فقرة ثانية.",
            "IN THE CITY there is more.",
            "",
            "NS   gcat : Political/General News | gdis : Disasters",
            "RE   syria : Syria",
            f"AN   Document NAHR000020{each.day:%y%m%d}e983{each.number:05}",
            "",
        ]
    return "\r\n".join(lines).encode()


def factiva_txt(stories: Sequence[Story]) -> bytes:
    return "\r\n".join(factiva_lines(stories)).encode()


def factiva_rtf(stories: Sequence[Story]) -> bytes:
    return rtf_of(factiva_lines(stories), unicode=True)


def factiva_docx(stories: Sequence[Story]) -> bytes:
    return make_docx(docx_paragraphs(*factiva_lines(stories)))


def factiva_html(stories: Sequence[Story]) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in factiva_lines(stories))
    return f"<!DOCTYPE html><html><head><title>Factiva</title></head><body>{body}</body></html>".encode()


def nexis_lines(stories: Sequence[Story]) -> list[str]:
    lines = ["User Name: =", "Date and Time: Monday, August 5, 2013", "Job Number: 1", "Documents (2)", ""]
    for each in stories:
        lines += [
            each.title,
            each.source,
            each.american_day,
            "",
            f"Copyright {each.day.year} {each.source} All Rights Reserved",
            "",
            "Section: NEWS; Pg. 3",
            "Length: 512 words",
            f"Byline: {each.author}",
            "Dateline: دمشق",
            "",
            "Body",
            "",
            each.body,
            "",
            "فقرة ثانية.",
            "",
            "Classification",
            "",
            "Language: ARABIC",
            "Publication-Type: Newspaper",
            "Load-Date: August 9, 2019",
            "",
            "End of Document",
            "",
        ]
    return lines


def nexis_docx(stories: Sequence[Story]) -> bytes:
    return make_docx(docx_paragraphs(*nexis_lines(stories)))


def nexis_rtf(stories: Sequence[Story]) -> bytes:
    return rtf_of(nexis_lines(stories))


def nexis_html(stories: Sequence[Story]) -> bytes:
    body = "".join(f"<div>{escape(line)}</div>" for line in nexis_lines(stories))
    return f"<html><head><title>Nexis</title></head><body>{body}</body></html>".encode()


def nexis_old_txt(stories: Sequence[Story]) -> bytes:
    lines: list[str] = []
    for number, each in enumerate(stories, start=1):
        lines += [
            f"                    {number} of {len(stories)} DOCUMENTS",
            "",
            f"            {each.source}",
            "",
            f"            {each.american_day}",
            "",
            each.title,
            "",
            f"BYLINE: {each.author}",
            "",
            "SECTION: NEWS; Pg. 3",
            "",
            "LENGTH: 512 words",
            "",
            "DATELINE: دمشق",
            "",
            each.body,
            "",
            "فقرة ثانية.",
            "",
            "LOAD-DATE: August 9, 2019",
            "",
            "LANGUAGE: ARABIC",
            "",
            "PUBLICATION-TYPE: Newspaper",
            "",
            f"   Copyright 2013 {each.source}",
            "       All Rights Reserved",
            "",
        ]
    return "\n".join(lines).encode()
