"""The names of a month in their families: كانون الثاني, يناير and جانفي are one.

A few of the names are words besides (آب, folded اب, is "father"): a text's token bears the mark of such a
name only where it stands like a month, and only the mark is searched when another name was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from arabic.tables.gazetteer import name_key, read_table

MONTH_MARKER = "@"
#: Names that are ordinary words or names of people as well: father; he practised; young; I was given; mine.
_AMBIGUOUS_NAMES = frozenset(map(name_key, ("آب", "مارس", "جوان", "أوت", "ماي")))
#: This one is the month unless the text has it as a verb: before its object and behind no preposition. Typed
#: it is always the month: nobody looks for "practised".
_MARCH = name_key("مارس")
#: Spelt so it is the month where it is typed alone: a father has no madda.
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
    """Folded words of a name → 1 … 12."""
    return {tuple(name_key(row["name"]).split(" ")): int(row["month"]) for row in read_table("months.tsv")}


@cache
def _written() -> dict[tuple[str, ...], str]:
    """Folded words of a name → as it is written."""
    names: dict[tuple[str, ...], str] = {}
    for row in read_table("months.tsv"):
        names.setdefault(tuple(name_key(row["name"]).split(" ")), row["name"])
    return names


def find_months(tokens: Sequence[str], written: Sequence[str] = ()) -> Iterator[tuple[int, int, int]]:
    """(start, end, month) of the months named at tokens [start, end), the longest name at each place. A name
    that is a word besides counts only where it stands like a month; `written` are the tokens as typed."""
    at = 0
    while at < len(tokens):
        for length in (2, 1):
            name = tuple(tokens[at : at + length])
            month = _names().get(name) if len(name) == length else None
            if month and (
                name[0] not in _AMBIGUOUS_NAMES - {_MARCH}
                or _stands_like_a_month(tokens, at)
                or (at < len(written) and written[at] == _AUGUST)
            ):
                yield at, at + length, month
                at += length - 1
                break
        at += 1


def other_month_names(name: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(words, form, shown) of the other Arabic names of a month's folded name; of those that are words
    besides there is the form that marks them in the bag, and no words."""
    month = _names().get(tuple(name))
    for words, other in _names().items():
        if other != month or words == tuple(name) or words[0].isascii():
            continue
        shown = _written()[words]
        if words[0] in _AMBIGUOUS_NAMES:
            yield (), MONTH_MARKER + words[0], shown
        else:
            yield words, "", shown


def ambiguous_month_name(token: str) -> str:
    """The name of a month that is a word besides, in a folded token; "" if it is none."""
    name = token if token in _AMBIGUOUS_NAMES else token[1:] if token[:1] == "و" else ""
    return name if name in _AMBIGUOUS_NAMES else ""


def iter_month_terms(tokens: Sequence[str], at: Iterable[int] | None = None) -> Iterator[tuple[int, str]]:
    """(index, form) of the tokens of a text that are a word besides and stand like a month here. `at`: the
    tokens to look at, if those that are a `month_and_word` are known."""
    for here in range(len(tokens)) if at is None else at:
        name = ambiguous_month_name(tokens[here])
        if name and (
            _stands_like_a_month(tokens, here) or (name == _MARCH and not _has_object(tokens, here))
        ):
            yield here, MONTH_MARKER + name


def _stands_like_a_month(tokens: Sequence[str], at: int) -> bool:
    """A day or "month of" before it, a year or "last" behind it, or another month beside it (آب/أغسطس)."""
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
    """Whether مارس is "he practised" here: a definite noun or an accusative follows (الرياضة, ضغوطا)."""
    if at and tokens[at - 1] in _PREPOSITIONS:
        return False
    behind = tokens[at + 1] if at + 1 < len(tokens) else ""
    return behind.startswith("ال") or (behind.endswith("ا") and len(behind) > len("هذا"))


def _is_plain_month(token: str) -> bool:
    return (token,) in _names() and token not in _AMBIGUOUS_NAMES and not token.isascii()
