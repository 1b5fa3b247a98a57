"""The line "also searched for": each expansion with a switch, as links that need no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arabic.gazetteer import name_key
from search.asking.labelled import ALL_OFF, switch_key
from search.asking.request import SearchRequest
from search.presenting.page import search_url
from search.results import ExpansionUsed, ResultPage

#: So many stand in the line; the others open on request.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Switch:
    """An expansion in words, where its switch leads, and how many articles have it."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Expanded:
    """What the line says. `on` and `more` lead to the search without one; `off` to the search with it again;
    `none` to the search without any, `all` to the search with every one ("" where there is nothing to do)."""

    on: tuple[Switch, ...]
    more: tuple[Switch, ...]
    off: tuple[Switch, ...]
    none: str
    all: str


def expanded(request: SearchRequest, result: ResultPage) -> Expanded | None:
    """The line for a page of results; None where it has nothing to say."""
    if ALL_OFF in request.without:
        return Expanded((), (), (), "", search_url(request, without=()))
    on = [_link(request, each) for each in _unlike(result.expansions) if each.active]
    off = [_link(request, each) for each in _unlike(result.expansions) if not each.active]
    if not on and not off:
        return None
    if len(on) == SHOWN + 1:  # a summary would take the room of the one that it hides
        shown, more = on, []
    else:
        shown, more = on[:SHOWN], on[SHOWN:]
    none = search_url(request, without=(ALL_OFF,)) if len(on) > 1 else ""
    every = search_url(request, without=()) if len(off) > 1 else ""
    return Expanded(tuple(shown), tuple(more), tuple(off), none, every)


def _unlike(used: Sequence[ExpansionUsed]) -> list[ExpansionUsed]:
    """One of each name: two words of a query may share one, and its switch is the same."""
    return list({switch_key(each.shown) + each.kind: each for each in reversed(used)}.values())[::-1]


def _link(request: SearchRequest, used: ExpansionUsed) -> Switch:
    key = switch_key(used.shown)
    without = tuple(value for value in request.without if switch_key(value) != key)
    if used.active:
        without = (*without, used.shown)
    return Switch(label(used), search_url(request, without=without), used.count)


def label(used: ExpansionUsed) -> str:
    """An expansion in words: the name itself, that its misspellings are meant, what an article may lack."""
    if used.kind == "misspelt" and name_key(used.typed) == name_key(used.shown):
        return _("misspelt %(name)s") % {"name": used.shown}
    if used.kind == "particle":
        return _("articles without %(words)s") % {"words": _in_quotes(used.shown)}
    return used.shown


def _in_quotes(words: str) -> str:
    return "، ".join(f"«{word}»" for word in words.split())
