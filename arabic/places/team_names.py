"""Teams that are called by the name of their city: برشلونة, دهوك, دنفر.

In a text about sport (data/sports_words.tsv) the name of a city is its team where a word beside it says so,
or where clubs are called by the city's name alone (data/club_cities.tsv), unless something happens there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from arabic.morphology.lemmatizer import morph_analyses
from arabic.morphology.protected_words import clitic_readings
from arabic.places.neighbours import (
    CLUB,
    IN_WORDS,
    LOCATING,
    PREPOSITIONS,
    is_conjoined,
    word_after,
    word_before,
)
from arabic.places.toponym_matcher import ToponymMatch, ToponymMatches
from arabic.tables.gazetteer import country_adjectives, gazetteer, name_key, read_table
from arabic.text.normalization import normalize

#: Ending of a verb in the past with a feminine subject.
_FEMININE = "ت"
_TO, _WHO = map(normalize, ("إلى", "الذي"))
_CITY_WORDS = frozenset(map(normalize, ("العاصمة", "المدينة", "البلدة", "القرية", "المحافظة", "الولاية")))
#: Words of transfers: players go from one club to another, not from city to city.
_TRANSFERS = frozenset(
    normalize(conjunction + word)
    for word in (
        *("انتقال", "انتقاله", "الانتقال", "انتقل", "ينتقل", "المنتقل", "منتقلا", "صفقة", "معارا", "إعارته"),
        *(
            "انضم",
            "انضمام",
            "انضمامه",
            "المنضم",
            "قادما",
            "القادم",
            "رحل",
            "يرحل",
            "رحيل",
            "رحيله",
            "باع",
            "بيع",
        ),
    )
    for conjunction in ("", "و", "ف", "ب")
)
_TRANSFER_REACH = 8
#: Signs behind the place at the head of a report, in the text as given.
_DATELINE_SIGNS = frozenset("-–—−ـ:(")
#: A text is about sport from this weight of sports words on, and this share of its words.
_SPORT_WEIGHT, _SPORT_SHARE, _CLUB_WEIGHT = 3, 0.02, 2


@cache
def _sports_words() -> dict[str, int]:
    """Map the forms of sports words to their weights."""
    return {
        before + normalize(row["word"]): int(row["weight"])
        for row in read_table("sports_words.tsv")
        for before in ("", "و", "ب", "ل", "ال", "وال", "بال", "فال", "لل", "ولل", "وب")
    }


@cache
def _club_cities() -> frozenset[str]:
    """Return the gazetteer keys of the cities of data/club_cities.tsv."""
    names = {name_key(row["city"]) for row in read_table("club_cities.tsv")}
    return frozenset(
        entry.key for key, entries in gazetteer().name_keys() if key in names for entry in entries
    )


def _is_feminine_verb(word: str) -> bool:
    """Return True if the subject of a verb is feminine, as cities are and clubs are not: استضافت برشلونة."""
    if not word.endswith(_FEMININE):
        return False
    return any(each.kind == "V" and not each.lemma.endswith(_FEMININE) for each in morph_analyses(word)[:1])


def is_about_sport(words: Sequence[str], clubs: int = 0) -> bool:
    """Return True if normalized words, among them names of `clubs`, are a text about a match or a club."""
    return _sport_weight(words) + _CLUB_WEIGHT * clubs >= max(_SPORT_WEIGHT, _SPORT_SHARE * len(words))


def _sport_weight(words: Iterable[str]) -> int:
    return sum(filter(None, map(_sports_words().get, words)))


class TeamNames:
    """Finds the names of one text that are those of teams."""

    def __init__(self, toponyms: ToponymMatches, *, in_sport: bool) -> None:
        """`in_sport`: the text is part of an article about sport."""
        self.toponyms = toponyms
        self._in_sport = in_sport
        #: Names that the text locates: another name joined to one of them by "and" is a place as well.
        self._located: set[int] = set()
        self._by_last = {match.last: match for match in toponyms.matches}
        self._firsts = {match.first for match in toponyms.matches}

    @cached_property
    def is_sport(self) -> bool:
        """True if the text, or the article that it belongs to, is about sport."""
        return self._in_sport or is_about_sport(self.toponyms.words, self.toponyms.clubs)

    @cached_property
    def _mentions_sport(self) -> bool:
        """True if the text has at least one word of sport."""
        return self.is_sport or self.toponyms.clubs > 0 or _sport_weight(self.toponyms.words) > 0

    def is_team(self, match: ToponymMatch, before: str | None) -> bool:
        """Return True if a name is a team's; `before`: the effect of the word before it."""
        if match.entries[0].kind not in ("city", "governorate") or not self._mentions_sport:
            return False
        after = word_after(self.toponyms, match)
        is_club_city = not _club_cities().isdisjoint(entry.key for entry in match.entries)
        is_masculine = after in country_adjectives() and not after.endswith("ه")  # cities are feminine
        if not (self.is_sport or (is_club_city and (is_masculine or before == "team"))):
            return False
        if self._is_located(match, before, is_masculine=is_masculine):
            self._located.add(match.first)
            return False
        return is_club_city or before == "team" or is_masculine or after == _WHO

    def _is_located(self, match: ToponymMatch, before: str | None, *, is_masculine: bool) -> bool:
        """Return True if the words beside a name say that something happens there.

        A player goes to برشلونة الإسباني, a masculine club, but trains in برشلونة.
        """
        if is_masculine and word_before(self.toponyms, match) == _TO:
            return False
        return (
            match.clitics.endswith("ب")
            or before == CLUB  # only a literary club is left here
            or (not match.clitics and self._is_located_by_word(match, before))
            or (not is_masculine and _is_feminine_verb(word_before(self.toponyms, match)))
            or self._joined_to_located(match)
            or self._in_brackets(match)
            or self._is_dateline(match)
        )

    def _is_located_by_word(self, match: ToponymMatch, before: str | None) -> bool:
        """Return True if the word before a name says that something happens there."""
        word = word_before(self.toponyms, match)
        if before in LOCATING or word in _CITY_WORDS or not IN_WORDS.isdisjoint(clitic_readings(word)):
            return True
        if word in country_adjectives() and match.first > 1:
            return self.toponyms.words[match.first - 2] in _CITY_WORDS
        if word == _TO:
            reach = self.toponyms.words[max(0, match.first - _TRANSFER_REACH) : match.first]
            return _TRANSFERS.isdisjoint(reach)
        return before == "leads" and word not in PREPOSITIONS

    def _joined_to_located(self, match: ToponymMatch) -> bool:
        """Return True if "and" joins the name to one that the text locates."""
        previous = self._by_last.get(match.first)
        return previous is not None and previous.first in self._located and is_conjoined(self.toponyms, match)

    def _in_brackets(self, match: ToponymMatch) -> bool:
        """Return True for the city of the country before the brackets: المجر (بودابست)."""
        text = self.toponyms.text.text
        country = self._by_last.get(match.first)
        return (
            text[match.start - 1 : match.start] == "("
            and text[match.end : match.end + 1] == ")"
            and country is not None
            and country.entries[0].kind == "country"
        )

    def _is_dateline(self, match: ToponymMatch) -> bool:
        """Return True if a dash, colon or bracket follows, but no result or other name: صحار ـ من أحمد."""
        at = match.last
        if match.clitics or at >= len(self.toponyms.words) or self.toponyms.words[at].isdigit():
            return False
        _start, end = self.toponyms.text.span(match.start, match.end)
        behind = self.toponyms.text.original[end : end + 3].lstrip()
        return bool(behind) and behind[0] in _DATELINE_SIGNS and at not in self._firsts
