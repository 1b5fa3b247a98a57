"""Generated archives and requests, with few enough words that most requests find an article."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from arabic.analyzer import light_stem
from search.engines.contract import FACETS, EngineRequest, IndexDocument
from search.query_tree import (
    AllOf,
    AnyOf,
    MatchAll,
    Missing,
    MustNot,
    Node,
    Number,
    NumberRange,
    Pattern,
    Phrase,
    Term,
)
from tests.arabic.analysis import lemma_field_terms

#: As written and as normalized.
SPELLINGS = {
    **{word: word for word in ("حمص", "بحمص", "وبدرعا", "حلب", "وزير", "الوزير", "في", "فيحمص")},
    **{"مدينة": "مدينه", "المدينة": "المدينه", "قتلى": "قتلي", "٢٠١٢": "2012", "Homs": "homs", "لأ": "لا"},
}
WORDS = list(SPELLINGS)
FOLDED = list(SPELLINGS.values())
EVENTS = [20110000, 20120000, 20120200, 20120229, 20120301, 20121200, 20130000, 20130615, 20141231]
#: Numbers as made by search/engines/region_values.py: above 32 bits.
GOVERNORATES = [0x5359_0000_0001, 0x5359_FFFF_FFFF, 0x4C42_1234_5678]
COUNTRIES = [0x5359, 0x4C42, 0x4348]
DAYS = [20120101, 20120215, 20120229, 20121231, 20130101, 20130615, 20141231]


def document(id: int, seed: int = 0) -> IndexDocument:
    """Return an article that depends on its id and `seed` alone."""
    dice = random.Random(f"{id} {seed}")  # noqa: S311  no secret, a generated article
    day = dice.choice([*DAYS, None])
    precision = dice.choice(["day", "month", "year"]) if day else ""
    first, last = _period(day, precision)
    places = tuple(dice.sample(range(1, 7), dice.randint(0, 3)))
    governorates = tuple(dice.sample(GOVERNORATES, dice.randint(0, 2)))
    countries = tuple(dice.sample(COUNTRIES, dice.randint(0, 2)))
    return IndexDocument(
        id=id,
        title=" ".join(dice.choices(WORDS, k=dice.randint(0, 3))),
        body=" ".join(dice.choices(WORDS, k=dice.randint(0, 12))),
        source=dice.choice([None, 1, 2, 3]),
        places=places,
        governorates=governorates,
        countries=countries,
        about=places[:1],
        about_governorates=governorates[:1],
        about_countries=countries[1:],
        first_day=first,
        last_day=last,
        precision=precision,
        event=tuple(sorted(dice.sample(EVENTS, dice.randint(0, 4)))),
        story=dice.choice([None, None, 3, 5, 8]),
        fingerprint=f"{id}-{seed}",
    )


def _period(day: int | None, precision: str) -> tuple[int | None, int | None]:
    if day is None:
        return None, None
    if precision == "day":
        return day, day
    if precision == "month":
        return day // 100 * 100 + 1, day // 100 * 100 + 31
    return day // 10000 * 10000 + 101, day // 10000 * 10000 + 1231


FIELD = st.sampled_from(["title", "body"])
BOOST = st.sampled_from([1.0, 0.5, 3.0])
ROW_LEVELS = st.sampled_from(["exact", "light"])


@st.composite
def _terms(draw: st.DrawFn) -> Node:
    level = draw(st.sampled_from(["exact", "light", "forms"]))
    word = draw(st.sampled_from(FOLDED))
    forms = {"exact": [word], "light": [light_stem(word)], "forms": lemma_field_terms([word]) or [word]}
    return Term(draw(FIELD), level, forms[level][0], draw(BOOST))


@st.composite
def _phrases(draw: st.DrawFn) -> Node:
    level = draw(ROW_LEVELS)
    words = draw(st.lists(st.sampled_from(FOLDED[:6]), min_size=2, max_size=4))
    values = tuple(words if level == "exact" else map(light_stem, words))
    return Phrase(draw(FIELD), level, values, draw(st.integers(0, 6)), draw(BOOST))


@st.composite
def _patterns(draw: st.DrawFn) -> Node:
    word = draw(st.sampled_from(FOLDED))
    start = draw(st.integers(0, len(word) - 1))
    value = draw(st.sampled_from([word[start:], word[: start + 1], *'*?\\.("#@&~<[{|+^$-']))
    behind = draw(st.sampled_from([(), ("ال", "و")]))
    return Pattern(draw(FIELD), value, draw(st.booleans()), draw(st.booleans()), draw(BOOST), behind)


_NUMBERS = st.one_of(
    st.builds(Number, st.sampled_from(["city", "about_city"]), st.integers(1, 7)),
    st.builds(Number, st.sampled_from(["governorate", "about_governorate"]), st.sampled_from(GOVERNORATES)),
    st.builds(Number, st.sampled_from(["country", "about_country"]), st.sampled_from(COUNTRIES)),
    st.builds(Number, st.just("source"), st.integers(1, 4)),
    st.builds(Number, st.just("year"), st.integers(2012, 2015)),
    st.builds(Number, st.just("month"), st.sampled_from([day // 100 for day in DAYS])),
    st.builds(Number, st.just("day"), st.sampled_from(DAYS)),
    st.builds(Number, st.just("event_year"), st.integers(2011, 2015)),
    st.builds(Number, st.just("event_month"), st.sampled_from([day // 100 for day in EVENTS])),
    st.builds(Number, st.sampled_from(["event", "event_day"]), st.sampled_from(EVENTS)),
    st.builds(
        NumberRange,
        st.sampled_from(["first_day", "last_day", "id", "city", "event"]),
        st.one_of(st.none(), st.sampled_from([1, 3, 20120201, 20130101])),
        st.one_of(st.none(), st.sampled_from([2, 5, 20120301, 20131231])),
    ),
    st.builds(Missing, st.sampled_from(["source", "city", "country", "year", "month", "day", "event_year"])),
)
_LEAVES = st.one_of(_terms(), _terms(), _phrases(), _patterns(), _NUMBERS, st.just(MatchAll()))


def _groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.one_of(children, st.builds(MustNot, children))
    return st.one_of(
        st.lists(some, min_size=1, max_size=4).map(lambda nodes: AllOf(tuple(nodes))),
        st.builds(AnyOf, st.lists(children, max_size=4).map(tuple), at_least=st.integers(0, 3)),
    )


TREES: st.SearchStrategy[Node] = st.recursive(_LEAVES, _groups, max_leaves=10)
_CHOICES = st.lists(_NUMBERS, min_size=1, max_size=3).map(lambda nodes: AnyOf(tuple(nodes)))


def requests(limit: int) -> st.SearchStrategy[EngineRequest]:
    """Return requests with every facet, any of them filtered."""
    return st.builds(
        EngineRequest,
        query=TREES,
        exclude=st.one_of(st.none(), st.none(), TREES),
        filters=st.dictionaries(st.sampled_from(FACETS), _CHOICES),
        sort=st.sampled_from(["relevance", "newest", "oldest"]),
        limit=st.just(limit),
        facets=st.just(FACETS),
    )
