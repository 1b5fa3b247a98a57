"""Suggestions of the results page: other words, and other searches that find something.

Every link is the state of the search with one change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.tables.gazetteer import name_key
from search.query.leaf_terms import WITHOUT_ALL_EXPANSIONS, expansion_key
from search.query.request import SearchRequest
from search.results import PartDiagnosis, QueryRelaxation, RelaxationKind, ResultPage, Segment, UsedExpansion
from search.web.viewmodels.result_list import search_url

# The line "also searched for": each expansion with a switch, as links that need no JavaScript.


#: Switches shown in the line; the others open on request. The same for verbs and their nouns of action.
MAX_SWITCHES_SHOWN, MAX_DERIVED_SHOWN = 6, 2


@dataclass(frozen=True, slots=True)
class ExpansionSwitch:
    """An expansion in words, the target of its switch, and the number of articles that have it.

    If it is only offered, the number is that of the hits that it adds.
    """

    label: str
    url: str
    count: int
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class ExpansionLine:
    """The line of expansions.

    `on`, `more` and `derived` (verbs and their nouns of action) lead to the search without an expansion,
    `off` to the search with it again or with one that is only offered; `none` leads to the search without
    any, `all` to the search with every one ("" where that changes nothing).
    """

    on: tuple[ExpansionSwitch, ...] = ()
    more: tuple[ExpansionSwitch, ...] = ()
    derived: tuple[ExpansionSwitch, ...] = ()
    off: tuple[ExpansionSwitch, ...] = ()
    none: str = ""
    all: str = ""
    #: True if the reader switched all of them off.
    is_all_off: bool = False

    @property
    def searched(self) -> int:
        """The number of expansions that are searched for."""
        return len(self.on) + len(self.more) + len(self.derived)

    @property
    def is_open(self) -> bool:
        """True if the reader changed something, so that it must not be hidden."""
        return self.is_all_off or bool(self.all)

    @property
    def is_derived_folded(self) -> bool:
        """True if the derivations are so many that they open on request."""
        return len(self.derived) > MAX_DERIVED_SHOWN


def expansion_line(request: SearchRequest, result: ResultPage) -> ExpansionLine | None:
    """Return the line for a page of results; None if it would be empty."""
    distinct = _distinct_expansions(result.expansions)
    named = sum(each.kind == "anywhere" for each in distinct)
    switches = [(each, _link(request, each, is_only_name=named < 2)) for each in distinct]
    offered = [switch for each, switch in switches if each.is_offered and not each.active]
    if WITHOUT_ALL_EXPANSIONS in request.without:
        on = [switch for each, switch in switches if each.is_offered and each.active]
        every = search_url(request, without=())
        return ExpansionLine(on=tuple(on), off=tuple(offered), all=every, is_all_off=True)
    derived = [switch for each, switch in switches if each.active and each.kind == "derivation"]
    on = [switch for each, switch in switches if each.active and each.kind != "derivation"]
    off = [switch for each, switch in switches if not each.active and not each.is_offered]
    if not switches:
        return None
    if len(on) == MAX_SWITCHES_SHOWN + 1:  # a summary would take as much room as the one row it hides
        shown, more = on, []
    else:
        shown, more = on[:MAX_SWITCHES_SHOWN], on[MAX_SWITCHES_SHOWN:]
    none = search_url(request, without=(WITHOUT_ALL_EXPANSIONS,), included=())
    return ExpansionLine(
        on=tuple(shown),
        more=tuple(more),
        derived=tuple(derived),
        off=(*off, *offered),
        none=none if len(on) + len(derived) > 1 else "",
        all=search_url(request, without=()) if len(off) > 1 else "",
    )


def _distinct_expansions(used: Sequence[UsedExpansion]) -> list[UsedExpansion]:
    """Return one expansion per name: two words of a query may share a name, and its switch is the same."""
    return list({expansion_key(each.shown) + each.kind: each for each in reversed(used)}.values())[::-1]


def _link(request: SearchRequest, used: UsedExpansion, *, is_only_name: bool) -> ExpansionSwitch:
    is_plain = used.kind == "anywhere" and is_only_name
    label = _("the words anywhere") if is_plain else expansion_label(used)
    return ExpansionSwitch(label, switch_url(request, used), used.count, used.is_offered)


def switch_url(request: SearchRequest, used: UsedExpansion) -> str:
    """Return the address of the search with the expansion switched."""
    field = "included" if used.is_offered else "without"
    key = expansion_key(used.shown)
    chosen = tuple(value for value in getattr(request, field) if expansion_key(value) != key)
    if used.active != used.is_offered:
        chosen = (*chosen, used.shown)
    return search_url(request, **{field: chosen})


def expansion_label(used: UsedExpansion) -> str:
    """Format an expansion: the name itself, that misspellings are included, what an article may lack."""
    if used.kind == "misspelt" and name_key(used.typed) == name_key(used.shown):
        return _("misspelt %(name)s") % {"name": used.shown}
    if used.kind == "particle":
        return _("articles without %(words)s") % {"words": _in_quotes(used.shown)}
    if used.kind in ("nisba", "nationality"):
        is_adjective = name_key(used.shown).endswith("ي")
        return (_("adjective: %(word)s") if is_adjective else _("noun: %(word)s")) % {"word": used.shown}
    if used.kind == "anywhere":
        return _("the words of “%(name)s” anywhere") % {"name": used.shown}
    if used.kind == "misread":
        return _("likely reading of the scan")
    return used.shown


def _in_quotes(words: str) -> str:
    return "، ".join(f"«{word}»" for word in words.split())


_ANYWHERE: dict[str, object] = {"countries": (), "governorates": (), "cities": ()}
_ANY_TIME: dict[str, object] = {"dates": (), "date_from": "", "date_to": ""}
_ANY_EVENT: dict[str, object] = {"events": (), "event_from": "", "event_to": ""}
#: The changes of a request that take its exclusion away.
NOTHING_EXCLUDED: dict[str, object] = {"not_places": (), "not_sources": (), "not_dates": ()}
_WAYS: dict[RelaxationKind, tuple[Promise, dict[str, object]]] = {
    "level": (gettext_lazy("All forms of the words"), {"level": "all"}),
    "unquoted": (gettext_lazy("The same words, anywhere in the text"), {}),
    "place": (gettext_lazy("In all places"), _ANYWHERE),
    "source": (gettext_lazy("From all sources"), {"sources": ()}),
    "date": (gettext_lazy("At any time"), _ANY_TIME),
    "event": (gettext_lazy("Whatever dates are mentioned"), _ANY_EVENT),
    "exclusion": (gettext_lazy("With what is excluded"), NOTHING_EXCLUDED),
    "filters": (
        gettext_lazy("In the whole archive, without filters"),
        {**_ANYWHERE, "sources": (), **_ANY_TIME, **_ANY_EVENT, **NOTHING_EXCLUDED},
    ),
}
#: Rows about parts of a query; readers would not read more.
ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SuggestionLink:
    """A query that may have been meant, its changed words marked, and the number of articles it finds."""

    segments: tuple[Segment, ...]
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part of the query.

    `nowhere` means that no article has it; `url` leads to the results without it, or "" if there are none.
    """

    text: str
    nowhere: bool
    url: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class RelaxationLink:
    """Another way to search; `text` is the query where that is what changes."""

    label: str
    url: str
    count: int
    text: str = ""


def suggestion_links(request: SearchRequest, result: ResultPage) -> list[SuggestionLink]:
    """Return the suggestions, with the current filters."""
    return [
        SuggestionLink(each.segments, search_url(request, q=each.query), each.count)
        for each in result.suggestions
    ]


def missing_parts(request: SearchRequest, result: ResultPage) -> list[MissingPart]:
    """Return the parts that no article has, then those best left out.

    If other words are suggested, missing words are not mentioned.
    """
    rows = [
        _missing_part(request, each)
        for each in result.missing
        if each.dropped_count or not (each.count or result.suggestions)
    ]
    rows.sort(key=lambda row: (not row.nowhere, -row.count))
    return rows[:ROWS_SHOWN]


def _missing_part(request: SearchRequest, advice: PartDiagnosis) -> MissingPart:
    url = search_url(request, q=advice.dropped_query) if advice.dropped_count else ""
    return MissingPart(advice.word, not advice.count, url, advice.dropped_count)


def missing_heading(parts: Sequence[MissingPart], ways: Sequence[RelaxationLink], *, together: bool) -> str:
    """Return the heading of the rows: reasons, ways on, or both. `together`: see `every_part_occurs`."""
    if not ways and not any(part.url for part in parts):
        return _("Why:")
    if together or any(part.nowhere for part in parts):
        return _("Why, and what may help:")
    return _("What may help:")


def every_part_occurs(result: ResultPage) -> bool:
    """Return True if there are several parts and each occurs in some article."""
    return len(result.missing) > 1 and all(each.count for each in result.missing)


def relaxation_links(request: SearchRequest, result: ResultPage) -> list[RelaxationLink]:
    """Return the other searches that find something."""
    return [_way(request, each) for each in result.ways_out]


def _way(request: SearchRequest, way: QueryRelaxation) -> RelaxationLink:
    if way.kind == "words":
        return RelaxationLink(_("Only these words:"), search_url(request, q=way.query), way.count, way.query)
    label, changes = _WAYS[way.kind]
    return RelaxationLink(str(label), search_url(request, **{"q": way.query, **changes}), way.count)
