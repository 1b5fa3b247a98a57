"""The texts of "why this result": how a form in the text relates to the word of the query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from arabic.expansion.expander import OFFERED_KINDS
from search.highlighting.explanation import MatchedForm, WordMatch
from search.query.request import SearchRequest
from search.web.viewmodels.result_list import search_url, toggle_value

#: Forms listed per word; a wildcard may match hundreds.
FORMS_SHOWN = 12
#: How a form matches the word, by `explanation.MatchKind`; names and expansions by their kind.
MATCH_REASONS = {
    "exact": gettext_lazy("as typed"),
    "near": gettext_lazy("near the other words of the phrase"),
    "pattern": gettext_lazy("fits the star"),
    "attached": gettext_lazy("the same name, with letters attached"),
    "renamed": gettext_lazy("the same place under another name or spelling"),
    "light": gettext_lazy("a close form of the word"),
    "clitics": gettext_lazy("the same word, with letters attached"),
    "part": gettext_lazy("part of words that were run together"),
    "month": gettext_lazy("another name of the month"),
    "spelling": gettext_lazy("another spelling of a foreign name"),
    "alias": gettext_lazy("another name of the same place or body"),
    "nationality": gettext_lazy("the noun, or the adjective formed from it"),
    "number": gettext_lazy("the same number in words or figures"),
    "joined": gettext_lazy("written as one word or as several"),
    "misspelt": gettext_lazy("a misspelling of the name"),
    "transliteration": gettext_lazy("the same name in other letters"),
    "derivation": gettext_lazy("the verb, or the noun of its action"),
    "nisba": gettext_lazy("the noun, or the adjective formed from it"),
    "misread": gettext_lazy("perhaps this word, misread by OCR"),
    "correction": gettext_lazy("in place of what was typed"),
}


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in the article with the reason for its match and where it occurs.

    `without_url` is the same search without the expansion that led to it ("" if none did).
    """

    text: str
    reason: str
    places: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class WordExplanation:
    """A word of the query with its forms; `more` forms are not listed.

    Without rows the article lacks the word, or, if `strict`, has it as its city or source.
    """

    typed: str
    rows: tuple[FormRow, ...]
    more: int
    strict: bool


def word_explanations(
    request: SearchRequest, matches: Iterable[WordMatch], spelling: Callable[[str], str]
) -> list[WordExplanation]:
    """Return each word of the query for the page; `spelling` writes a normalized word as readers know it."""
    return [
        WordExplanation(
            match.typed,
            tuple(_row(request, form, spelling) for form in match.found[:FORMS_SHOWN]),
            max(0, len(match.found) - FORMS_SHOWN),
            match.strict,
        )
        for match in matches
    ]


def _row(request: SearchRequest, form: MatchedForm, spelling: Callable[[str], str]) -> FormRow:
    url = ""
    if form.how in ("expansion", "misread"):
        field = "included" if form.kind in OFFERED_KINDS else "without"
        url = search_url(request, **{field: toggle_value(getattr(request, field), form.through)})
    return FormRow(form.text, _reason(form, spelling), _places(form), url)


def _reason(form: MatchedForm, spelling: Callable[[str], str]) -> str:
    if form.how == "dictionary":
        return _("the dictionary has it under “%(word)s”") % {"word": spelling(form.through)}
    return str(MATCH_REASONS.get(form.kind or form.how, ""))


def _places(form: MatchedForm) -> str:
    places = []
    if form.title:
        places.append(_("in the title"))
    if form.body:
        times = ngettext("%(n)s time", "%(n)s times", form.body) % {"n": form.body}
        places.append(_("in the text: %(times)s") % {"times": times})
    return " · ".join(places)
