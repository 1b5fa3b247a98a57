"""Examples of the query language that find something in this archive, made of its own words and names."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arabic.morphology.affixes import is_function_word
from arabic.tables.gazetteer import read_table
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.query_operators import reader_operators
from search.query.request import SearchRequest
from search.results import ResultPage
from search.web.viewmodels.result_list import plain_place_name, search_url

#: Queries tried for each row of the table; most rows find something with the first.
MAX_TRIED = 6
#: Frequent words that are considered, and the least letters of one: shorter ones are particles.
FREQUENT, MIN_LETTERS = 60, 5
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class Example:
    """A query of the help page, what it asks for, and the number of articles that it finds here."""

    query: str
    meaning: Promise
    count: int | None = None

    @property
    def url(self) -> str:
        """Return the address of the query's results."""
        return search_url(SearchRequest(q=self.query))


@dataclass(frozen=True, slots=True)
class QueryMaterial:
    """Names and words of the archive, the most frequent first, and the operators of the page's language."""

    places: tuple[str, ...]
    sources: tuple[str, ...]
    words: tuple[str, ...]
    either: str
    title: str
    city: str
    source: str

    @property
    def phrases(self) -> list[str]:
        """Return the names of several words, quoted; without one, the first word."""
        return [name for name in self.places if " " in name] or list(self.words)


#: What is typed, from the material, and what it finds. The static queries are of an archive without articles.
_ROWS: tuple[tuple[Callable[[QueryMaterial], Iterator[str]], str, Promise], ...] = (
    (lambda of: _joined("{0} {1}", of.places, of.words), "حمص قافلة", _("both words")),
    (
        lambda of: _joined("{0} " + of.either + " {1}", of.places, of.places[1:]),
        "حمص أو حلب",
        _("at least one of the two; أو and OR are the same"),
    ),
    (
        lambda of: _joined("{0} -{1}", of.places, of.places[1:]),
        "حمص -دمشق",
        _("the first word and not the second; NOT does the same"),
    ),
    (
        lambda of: _joined("({0} " + of.either + " {1}) {2}", of.places, of.places[1:], of.words),
        "(حمص أو حلب) قافلة",
        _("brackets keep words together"),
    ),
    (
        lambda of: _joined('"{0}"', of.phrases),
        '"دير الزور"',
        _("these words in a row, as they are spelt; «…» does the same"),
    ),
    (
        lambda of: _joined('"{1} {0}"~5', of.places, of.words),
        '"قافلة حمص"~5',
        _("these words at most five places apart"),
    ),
    (lambda of: (f"{word[:4]}*" for word in _bare(of.words)), "صحف*", _("words that begin so")),
    (
        lambda of: (f"*{word[:5]}*" for word in _bare(of.words[1:])),
        "*حكوم*",
        _("words that have this inside"),
    ),
    (
        lambda of: (f"{of.title}{word}" for word in _bare(of.words)),
        "عنوان:مساعدات",
        _("the word in the title; عنوان: and title: are the same"),
    ),
    (
        lambda of: (f'{of.city}"{name}"' for name in of.phrases),
        'مدينة:"دير الزور"',
        _("articles that mention the city in any spelling; مدينة: and city: are the same"),
    ),
    (
        lambda of: (f'{of.source}"{name}"' for name in of.sources),
        "مصدر:سنابل",
        _("articles of the source; مصدر: and source: are the same"),
    ),
)
STATIC_EXAMPLES = tuple(Example(query, meaning) for _made, query, meaning in _ROWS)


def live_examples(
    everything: ResultPage, vocabulary: Vocabulary, count: Callable[[str], int]
) -> tuple[Example, ...]:
    """Return an example of each row that finds something, or the static one where none was found.

    `everything` is the page of all articles with its facets; `count` returns the articles that a query finds.
    """
    material = _material(everything, vocabulary)
    return tuple(
        next(
            (
                Example(query, meaning, found)
                for query in islice(made(material), MAX_TRIED)
                if (found := count(query))
            ),
            Example(static, meaning),
        )
        for made, static, meaning in _ROWS
    )


def _material(everything: ResultPage, vocabulary: Vocabulary) -> QueryMaterial:
    operators = reader_operators()
    places = [value.value for value in everything.facets.get("city", ()) if value.count][:12]
    names = tuple(dict.fromkeys(plain_place_name(place).strip('"') for place in places))
    return QueryMaterial(
        places=names,
        sources=tuple(value.value for value in everything.facets.get("source", ()) if value.count),
        words=tuple(_frequent_words(vocabulary, {*normalized_terms(" ".join(names)), *_time_words()})),
        either=operators.either,
        title=operators.title,
        city=operators.city,
        source=operators.source,
    )


#: Words of time and order, in normalized letters: frequent in all news, and poor examples.
_OF_TIME = frozenset(
    {
        *(
            "الاول",
            "الاولي",
            "الثاني",
            "الثانيه",
            "الثالث",
            "الثالثه",
            "الرابع",
            "الرابعه",
            "الاخير",
            "الاخيره",
        ),
        *("الماضي", "الماضيه", "المقبل", "المقبله", "الحالي", "اليوم", "الشهر", "العام", "الوقت"),
        *("السبت", "الاحد", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه"),
    }
)


@cache
def _time_words() -> frozenset[str]:
    """Return words of time, with those of the names of months."""
    months = (word for row in read_table("months.tsv") for word in normalized_terms(row["name"]))
    return _OF_TIME | frozenset(months)


def _frequent_words(vocabulary: Vocabulary, names: set[str]) -> Iterator[str]:
    """Yield frequent words with the article, as written: nouns and adjectives, no verbs or particles."""
    frequent = heapq.nlargest(
        FREQUENT,
        (
            (count, word)
            for word, count in vocabulary.words()
            if word.startswith(_ARTICLE) and len(word) > MIN_LETTERS + len(_ARTICLE) - 2
        ),
    )
    for _count, word in frequent:
        written = vocabulary.spelling(word)
        if word not in names and not is_function_word(written):
            yield written


def _bare(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the words without their article."""
    return (bare for word in words if len(bare := word.removeprefix(_ARTICLE)) >= MIN_LETTERS)


def _joined(pattern: str, *choices: tuple[str, ...] | list[str]) -> Iterator[str]:
    """Yield the pattern with one of each list, without repeating one."""
    for parts in product(*(choice[:4] for choice in choices)):
        if len(set(parts)) == len(parts):
            quoted = '"' not in pattern
            yield pattern.format(*(f'"{each}"' if quoted and " " in each else each for each in parts))
