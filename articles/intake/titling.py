"""What stands for the title of a text without one: its first sentence. Lines that are more like a title are
looked for in `facts.headline`."""

from __future__ import annotations

import re

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
