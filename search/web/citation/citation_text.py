"""A citation as text, in Arabic or English."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from search.web.citation.csl import CslItem, author_of, date_of
from search.web.digits import digits_of_reader
from search.web.viewmodels.labels import date_label

#: By language: replacements for quotation marks inside a headline, because the citation puts the headline in
#: «» or “”.
_INNER_QUOTES = {"ar": str.maketrans("«»", "“”"), "en": str.maketrans("«»“”", "‘’‘’")}
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OPENING = "[«“ "


def citation_text(item: CslItem, language: str) -> str:
    """Return the citation in "ar" or "en".

    Author or agency, headline, paper, date as precise as it is known, permanent address, date of access and
    archive. What was inferred from the text, and what is unknown, stands in square brackets. The digits are
    Western, as in the address.
    """
    with translation.override(language), digits_of_reader("western"):
        inferred = item.get("custom", {}).get("inferred", ())
        author, paper = author_of(item), item.get("container-title", "")
        headline = item.get("title", "").translate(_INNER_QUOTES[language])
        day = date_of(item)
        parts = [
            _bracketed(author, sure=_author_field(item) not in inferred),
            pgettext("citation", "“%(headline)s”") % {"headline": headline}
            if headline
            else pgettext("citation", "[untitled]"),
            _bracketed(paper, sure="source" not in inferred) if paper != author else "",
            _bracketed(date_label(day), sure="date" not in inferred)
            if day
            else pgettext("citation", "[undated]"),
            pgettext("citation", "%(address)s (accessed %(day)s)")
            % {"address": item["URL"], "day": date_label(date_of(item, "accessed"))},
            pgettext("citation", "%(archive)s, no. %(number)s")
            % {"archive": _("News archive"), "number": item["archive_location"]},
        ]
        joint = pgettext("between parts of a citation", ", ")
        return _directed(joint.join(_directed(part) for part in parts if part) + ".", first=True)


def _directed(text: str, *, first: bool = False) -> str:
    """Return a part with a direction mark after it, or before all of them, if it has letters of the other.

    Without the marks a number or comma beside a name in the other script changes its place.
    """
    mark, others = (_RIGHT_TO_LEFT, _LATIN) if get_language_bidi() else (_LEFT_TO_RIGHT, _ARABIC)
    if first:
        return f"{mark}{text}" if others.match(text.lstrip(_OPENING)) else text
    return f"{text}{mark}" if others.search(text) else text


def _author_field(item: CslItem) -> str:
    """Return the field of the archive that the author comes from: an agency is the source itself."""
    return "source" if author_of(item) == item.get("container-title") else "byline"


def _bracketed(text: str, *, sure: bool) -> str:
    return text if sure or not text else f"[{text}]"
