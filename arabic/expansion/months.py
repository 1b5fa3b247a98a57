"""Month names by family: كانون الثاني, يناير and جانفي are the same month.

A few of the names are also words (آب, normalized اب, is "father"). A token of a text gets the marker term of
such a name only where it is used as a month, and only the marker term is searched when another name was
typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from arabic.morphology.protected_words import AMBIGUOUS_MONTHS, find_multiword_names
from arabic.tables.gazetteer import name_key, read_table

MONTH_MARKER = "@"
#: A month unless the text uses it as a verb: before its object and not after a preposition. In a query it is
#: always the month, because "practised" is not searched for.
_MARCH = name_key("مارس")
#: In this spelling it is the month even where it is typed alone: "father" has no madda.
_AUGUST = "آب"
_PREPOSITIONS = frozenset(
    map(name_key, ("في", "خلال", "منذ", "حتى", "بحلول", "قبل", "بعد", "من", "إلى", "بين", "وفي", "طوال"))
)
_BEFORE = frozenset(
    map(name_key, ("شهر", "شهري", "لشهر", "بشهر", "أوائل", "أواخر", "مطلع", "منتصف", "نهاية", "بداية"))
)
_BEHIND = frozenset(map(name_key, ("الماضي", "الجاري", "المقبل", "الحالي", "القادم", "المنصرم")))
_LAST_DAY = 31
_YEARS = range(1800, 2200)


@cache
def _names() -> dict[tuple[str, ...], int]:
    """Map the normalized words of each name to its month, 1 to 12."""
    return {tuple(name_key(row["name"]).split(" ")): int(row["month"]) for row in read_table("months.tsv")}


@cache
def _written() -> dict[tuple[str, ...], str]:
    """Map the normalized words of each name to the name as written."""
    names: dict[tuple[str, ...], str] = {}
    for row in read_table("months.tsv"):
        names.setdefault(tuple(name_key(row["name"]).split(" ")), row["name"])
    return names


def find_months(tokens: Sequence[str], written: Sequence[str] = ()) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, month) for the months named at tokens [start, end), the longest name first.

    A name that is also a word counts only where it is used as a month; `written` are the tokens as typed.
    """
    at = 0
    while at < len(tokens):
        for length in (2, 1):
            name = tuple(tokens[at : at + length])
            month = _names().get(name) if len(name) == length else None
            if month and (
                name[0] not in AMBIGUOUS_MONTHS - {_MARCH}
                or _stands_like_a_month(tokens, at)
                or (at < len(written) and written[at] == _AUGUST)
            ):
                yield at, at + length, month
                at += length - 1
                break
        at += 1


def other_month_names(name: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield (words, term, written) for the other Arabic names of a month.

    A name that is also a word has a marker term of the lemma field, a name of several words its name term;
    both have no words. Spellings of the typed name with the same term are left out.
    """
    month = _names().get(tuple(name))
    terms = {_name_term(tuple(name))} - {""}
    for words, other in _names().items():
        if other != month or words == tuple(name) or words[0].isascii():
            continue
        term = MONTH_MARKER + words[0] if words[0] in AMBIGUOUS_MONTHS else _name_term(words)
        if term not in terms:
            yield () if term else words, term, _written()[words]
        if term:
            terms.add(term)


@cache
def _name_term(name: tuple[str, ...]) -> str:
    """Return the name term of a month's name of several words; "" for a name of one word."""
    return next((each.term for each in find_multiword_names(name) if each.end > each.start + 1), "")


def ambiguous_month_name(token: str) -> str:
    """Return the name of a month that is also a word, in a normalized token; "" if there is none."""
    name = token if token in AMBIGUOUS_MONTHS else token[1:] if token[:1] == "و" else ""
    return name if name in AMBIGUOUS_MONTHS else ""


def iter_month_terms(tokens: Sequence[str], at: Iterable[int] | None = None) -> Iterator[tuple[int, str]]:
    """Yield (index, term) for tokens that are also words and are used as a month here.

    `at`: indexes of the tokens with an `ambiguous_month_name`, if they are known.
    """
    for here in range(len(tokens)) if at is None else at:
        name = ambiguous_month_name(tokens[here])
        if name and (
            _stands_like_a_month(tokens, here) or (name == _MARCH and not _has_object(tokens, here))
        ):
            yield here, MONTH_MARKER + name


def _stands_like_a_month(tokens: Sequence[str], at: int) -> bool:
    """Return True if the words around a name show that it is a month.

    A day or "month of" precedes it, a year or "last" follows it, or another month is next to it (آب/أغسطس).
    """
    before = tokens[at - 1] if at else ""
    behind = tokens[at + 1] if at + 1 < len(tokens) else ""
    return (
        before in _BEFORE
        or behind in _BEHIND
        or (before.isdigit() and len(before) <= 2 and 0 < int(before) <= _LAST_DAY)
        or (behind.isdigit() and len(behind) == 4 and int(behind) in _YEARS)
        or _is_plain_month(before.removeprefix("و"))
        or _is_plain_month(behind.removeprefix("و"))
    )


def _has_object(tokens: Sequence[str], at: int) -> bool:
    """Return True if مارس is "he practised": a definite noun or an accusative follows (الرياضة, ضغوطا)."""
    if at and tokens[at - 1] in _PREPOSITIONS:
        return False
    behind = tokens[at + 1] if at + 1 < len(tokens) else ""
    return behind.startswith("ال") or (behind.endswith("ا") and len(behind) > len("هذا"))


def _is_plain_month(token: str) -> bool:
    """Return True if a token is a month's name and not also a word."""
    return (token,) in _names() and token not in AMBIGUOUS_MONTHS and not token.isascii()
