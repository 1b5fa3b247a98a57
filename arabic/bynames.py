"""Bynames of places: الشام for دمشق. Whoever types one is shown the place too; the other way round only for a
few (`back` in place_bynames.tsv), and only where the text does not use the byname for something else: the
index marks it there (not in بلاد الشام, the Levant, nor in معضمية الشام, a town)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from arabic.gazetteer import name_key, read_table
from arabic.names import clitic_readings, name_runs

BYNAME_MARK = "@"
#: Behind "and" الشام is a land beside others (مصر والشام).
_CLITICS = ("", "ف", "ب", "ل", "ك", "وب", "ول")
_ARTICLE = "ال"


def bynames() -> Iterator[tuple[str, str, bool]]:
    """(byname, place, whether the place's own name also finds the byname), as written."""
    for row in read_table("place_bynames.tsv"):
        yield row["byname"], row["place"], row["back"] == "1"


def byname_form(byname: str) -> str:
    """The form of the bag that marks a byname of one word."""
    return BYNAME_MARK + name_key(byname)


@cache
def _surfaces() -> dict[str, str]:
    """Token → the form that marks the byname in it."""
    found: dict[str, str] = {}
    for byname, _place, back in bynames():
        key = name_key(byname)
        if back and " " not in key:
            found |= {clitic + key: byname_form(byname) for clitic in _CLITICS}
            if key.startswith(_ARTICLE):
                found |= {f"{clitic}لل{key[len(_ARTICLE) :]}": byname_form(byname) for clitic in ("", "و")}
    return found


@cache
def _hiding() -> dict[str, list[tuple[str, ...]]]:
    """Last word of a phrase that names something else → the words before it."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in read_table("hidden_phrases.tsv"):
        *before, last = name_key(row["phrase"]).split(" ")
        if last in _surfaces() and before:
            found.setdefault(last, []).append(tuple(before))
    return found


def may_be_byname(token: str) -> bool:
    """Whether a folded token may be a byname."""
    return token in _surfaces()


def byname_marks(tokens: Sequence[str], at: Iterable[int] | None = None) -> Iterator[tuple[int, str]]:
    """(index, form) of the tokens of a text that are a byname here. `at`: the tokens to look at, if those
    that `may_be_byname` are known."""
    surfaces = _surfaces()
    for here in range(len(tokens)) if at is None else at:
        token = tokens[here]
        if token in surfaces and not _is_hidden(tokens, here):
            yield here, surfaces[token]


def _is_hidden(tokens: Sequence[str], at: int) -> bool:
    for before in _hiding().get(tokens[at], ()):
        start = at - len(before)
        same = start >= 0 and tuple(tokens[start + 1 : at]) == before[1:]
        if same and before[0] in clitic_readings(tokens[start], 2):
            return True
    near = max(0, at - 2)
    runs = name_runs(tokens[near : at + 2])
    return any(run.start <= at - near < run.end and run.end - run.start > 1 for run in runs)
