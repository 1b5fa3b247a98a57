"""A title for a text that came without one: its first sentence."""

from __future__ import annotations

import re

from articles.intake.records import Problem, RawRecord

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


def derive_title(record: RawRecord) -> tuple[RawRecord, bool]:
    """The record with a title, and whether that was derived."""
    if record.title or not record.body:
        return record, False
    return record.with_fields({"title": first_sentence(record.body)}).noting(Problem("title-derived")), True
