"""Recognizes names of places that mean something else: a team, a company, a person, a street, a common noun.

`NameBearers` says of each name whether the words around it show that. The words are in data/place_cues.tsv;
teams are in team_names.py. A university, hospital, court or airport is at the place that it is called after:
it is a mention of the place, marked as that of an institution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

from pyarabic.araby import ALEF_HAMZA_ABOVE, DAMMA  # type: ignore[import-untyped]  # it ships no types

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.lemmatizer import is_noun_with_pronoun, lemmas, morph_analyses
from arabic.morphology.protected_words import CONSTRUCT_NOUNS, clitic_readings, given_names, is_definite
from arabic.morphology.word_context import ROYAL_TITLES
from arabic.places.neighbours import (
    CLUB,
    IN_WORDS,
    INSTITUTION,
    LOCATING,
    PREPOSITIONS,
    QUARTER,
    TITLE,
    cue,
    cue_before,
    cues,
    is_conjoined,
    word_after,
    word_before,
)
from arabic.places.team_names import TeamNames
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, ToponymMatches
from arabic.tables.gazetteer import ARAB_COUNTRIES, country_adjectives, gazetteer, name_key, read_table
from arabic.text.normalization import normalize

_OPENING, _CLOSING = frozenset("«\"“‘'("), frozenset("»\"”’')")
#: Cities whose names newspapers have.
_PAPERS = frozenset(map(normalize, ("الرياض", "مكة", "القدس", "المدينة")))
#: نادي جدة الأدبي is in Jeddah, and not a team.
_LITERARY = frozenset(map(normalize, ("الأدبي", "الأدبية", "الثقافي", "الثقافية")))
#: Names that are nouns of a quality.
_QUALITIES = frozenset(map(normalize, ("الرقة",)))
_DEMONSTRATIVES = frozenset(map(normalize, ("هذا", "هذه", "ذلك", "تلك", "هذان", "هاتان")))
#: Facilities called after a person: مدينة زايد الرياضية is no town.
_FACILITIES = frozenset(
    normalize(word) for word in ("الرياضية", "الطبية", "الجامعية", "الإعلامية", "الترفيهية")
)
_FROM = frozenset(map(normalize, ("من", "عن")))
_SON_OF = frozenset(map(normalize, ("بن", "ابن", "بنت")))
#: Titles of people who are called by a given name alone: a town behind it is no surname.
_TITLES_OF_GIVEN_NAMES = frozenset(map(normalize, (*ROYAL_TITLES.split(), "الملكة", "البابا")))
#: Towns abroad of this size are hardly anybody's surname.
_WELL_KNOWN = 500_000
_TOWN, _ALI = normalize("مدينة"), normalize("علي")
#: Words before one institution of several: جامعتي دمشق وحلب.
_SEVERAL = ("ات", "تي", "تا", "ين", "ان", "ي")
#: Words between an institution and its place: محكمة جنايات القاهرة.
_CHAIN = 2
_FOREIGN_LETTERS, _AND = 3, "و"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of an article says about the names of one of its texts."""

    is_sport: bool = False
    #: Country code of each place that the rest names, with repetitions.
    countries: tuple[str, ...] = ()
    #: Keys of these places.
    keys: frozenset[str] = field(default_factory=frozenset)


def is_genitive(word: str) -> bool:
    """Return True if a word is a definite noun (also by a pronoun: وطنك) or a person's name."""
    return is_definite(word) or (not word.startswith(ARTICLE) and is_noun_with_pronoun(word))


@cache
def _foreign_given_names() -> frozenset[str]:
    """Return the given names that are not Arabic, also those that are other words (شاي)."""
    rows = read_table("given_names.tsv")
    return frozenset(name_key(row["name"]) for row in rows if row["origin"] == "foreign")


@lru_cache(5_000)
def _may_be_noun(name: str) -> bool:
    """Return True if the dictionary has a normalized name as a noun."""
    return any(each.kind == "N" and each.stem == name for each in morph_analyses(name))


def is_titled_in_quotes(toponyms: ToponymMatches, match: ToponymMatch) -> bool:
    """Return True if the word before the opening quote calls the name a town or district."""
    if match.first == 0 or match.clitics:
        return False
    only_the_quote = len(toponyms.gaps[match.first].strip()) == 1
    return only_the_quote and cue(toponyms.words[match.first - 1]) == TITLE


class NameBearers:
    """Tells places from teams, companies, persons and common nouns among the names of one text."""

    def __init__(self, toponyms: ToponymMatches, surroundings: Surroundings) -> None:
        self.toponyms = toponyms
        self._around = surroundings
        self._teams = TeamNames(toponyms, in_sport=surroundings.is_sport)
        self._by_last = {match.last: match for match in toponyms.matches}
        self._institutions: set[int] = set()

    def excludes(self, match: ToponymMatch) -> bool:
        """Return True if a name is that of something other than the place."""
        if match.entries[0].kind == "country":
            return False
        before = cue_before(self.toponyms, match)
        return (
            self._is_street_or_title(match, before)
            or self._is_common_noun(match)
            or self._is_facility(match)
            or self._is_company(match, before)
            or self._is_person(match)
            or self._is_foreign_name(match, before)
            or self._teams.is_team(match, before)
        )

    def is_named_around(self, match: ToponymMatch) -> bool:
        """Return True if the rest of the article names one of the places that have this name."""
        return any(entry.key in self._around.keys for entry in match.entries)

    def is_institution(self, match: ToponymMatch) -> bool:
        """Return True if a place that was accepted is named only as that of an institution."""
        found = self._is_called_after(match) or (
            (previous := self._joined_to(match)) is not None
            and previous.first in self._institutions
            and self.toponyms.words[previous.first - 1].endswith(_SEVERAL)
        )
        if found:
            self._institutions.add(match.first)
        return found

    def _is_called_after(self, match: ToponymMatch) -> bool:
        """Return True if an institution stands before the name, directly or in a chain of nouns."""
        at, words = match.first, self.toponyms.words
        if match.clitics:
            return False
        for step in range(1, _CHAIN + 2):
            if not self.toponyms.is_phrase(at):
                return False
            at -= 1
            effect = cue(words[at])
            if effect == INSTITUTION:
                return True
            if effect is not None or words[at].startswith(ARTICLE) or step > _CHAIN or words[at] in IN_WORDS:
                return False
        return False

    def _joined_to(self, match: ToponymMatch) -> ToponymMatch | None:
        """Return the name directly before this one, if "and" or a comma joins them."""
        return self._by_last.get(match.first) if is_conjoined(self.toponyms, match) else None

    def _is_street_or_title(self, match: ToponymMatch, before: str | None) -> bool:
        """Return True for a street, a newspaper, "son of", a club, or a name alone in quotes.

        The last is a title, unless a word before the quotes calls it a town.
        """
        several_words = match.last - match.first > 1
        if not several_words:
            text = self.toponyms.text.text
            opening, closing = text[match.start - 1 : match.start], text[match.end : match.end + 1]
            if opening and opening in _OPENING - {"("} and closing and closing in _CLOSING:
                is_paper = text[match.start : match.end] in _PAPERS
                named = self.is_named_around(match) and not is_paper
                return not (named or is_titled_in_quotes(self.toponyms, match))
        if match.clitics:
            return False
        if before == CLUB:
            return word_after(self.toponyms, match) not in _LITERARY
        if several_words:
            return False
        return before == "denies" or (before == QUARTER and match.entries[0].kind != QUARTER)

    def _is_common_noun(self, match: ToponymMatch) -> bool:
        """Return True if the word beside a name shows that it is the word of the same letters.

        After "this" or "that", which no proper name with an article follows (هذه الكسرة); as the first noun
        of a construct (حماة الوطن, حماة محمد), for other names only after "from", which says of what
        something is (من نوى الزيتون); after an abstract noun and "and" (الشفافية والرقة).
        """
        words, at = self.toponyms.words, match.first
        before, after = word_before(self.toponyms, match), word_after(self.toponyms, match)
        if words[at].startswith(ARTICLE) and not match.clitics:
            return not _DEMONSTRATIVES.isdisjoint(clitic_readings(before))
        name = self.toponyms.text.text[match.start : match.end]
        if name in CONSTRUCT_NOUNS and (
            self._written(match)[1:2] == DAMMA or ALEF_HAMZA_ABOVE in self._written(match)
        ):
            return True  # حُماة, حمأة
        # Verbs and nouns of war may precede the town (قصف حماة الأخير), prepositions do so before either.
        if name in CONSTRUCT_NOUNS and is_genitive(after):
            effect = cue(before) if before and not match.clitics else None
            goes_there = effect == "leads" and before not in PREPOSITIONS and after not in given_names()
            return effect not in LOCATING and not goes_there and after not in country_adjectives()
        if match.needs is not RequiredContext.NOTHING and before in _FROM and not match.clitics:
            is_town = cues().get(after) == "confirms" or after in country_adjectives()
            return _may_be_noun(name) and is_genitive(after) and not is_town
        return name in _QUALITIES and match.clitics == "و" and self._follows_quality(match)

    def _written(self, match: ToponymMatch) -> str:
        """Return a name as the text writes it, with its vowels."""
        start, end = self.toponyms.text.span(match.start, match.end)
        return self.toponyms.text.original[start:end]

    def _follows_quality(self, match: ToponymMatch) -> bool:
        """Return True if a definite noun in ة that is no name stands before the name or its comma."""
        before = self.toponyms.words[match.first - 1] if match.first else ""
        return (
            before.startswith(ARTICLE)
            and before.endswith("ه")
            and match.first not in self._by_last
            and self.toponyms.gaps[match.first].strip() in ("", "،", ",")
        )

    def _is_facility(self, match: ToponymMatch) -> bool:
        """Return True for a facility called after a person: مدينة زايد الرياضية."""
        first = self.toponyms.words[match.first]
        return first.endswith(_TOWN) and word_after(self.toponyms, match) in _FACILITIES

    def _is_company(self, match: ToponymMatch, before: str | None) -> bool:
        """Return True for a company called after the place: «دبي للسلع», not "in Dubai"."""
        if match.clitics or before in LOCATING or before == "leads":
            return False
        return cues().get(word_after(self.toponyms, match)) == "company"

    def _is_person(self, match: ToponymMatch) -> bool:
        """Return True for a person's name: before "son of", or as a surname after a given name.

        A surname ends like one, is not the place without a context, or is that of a lesser town abroad; after
        a foreign given name that is no surname itself it may be that of any town (شاي أربيل).
        """
        if match.clitics or match.last - match.first > 1:
            return False
        if word_after(self.toponyms, match) in _SON_OF:
            return True
        before = word_before(self.toponyms, match)
        first = self.toponyms.words[match.first - 2] if match.first > 1 else ""
        if before in _foreign_given_names() and first not in _foreign_given_names() | given_names():
            return _TITLES_OF_GIVEN_NAMES.isdisjoint(clitic_readings(first))
        word, best = self.toponyms.words[match.first], match.entries[0]
        like_surname = word.startswith(ARTICLE) and word.endswith("ي")
        lesser = best.country not in ARAB_COUNTRIES and best.population < _WELL_KNOWN
        if not (like_surname or lesser or match.needs is not RequiredContext.NOTHING):
            return False
        if before == _ALI:  # normalized, it is also the preposition على
            start, _end = self.toponyms.text.span(match.start, match.end)
            return self.toponyms.text.original[:start].rstrip().endswith("علي")
        return before in given_names()

    def _is_foreign_name(self, match: ToponymMatch, before: str | None) -> bool:
        """Return True if an unknown word follows directly: سانتياغو خيرالدو, دنفر ناغتس."""
        if match.entries[0].country in ARAB_COUNTRIES or before in LOCATING or before == "leads":
            return False
        at = match.last
        if match.first == 0 or at >= len(self.toponyms.words) or self.toponyms.gaps[at] != " ":
            return False
        if match.clitics.endswith("ب") and not self._teams.is_sport:
            return False
        after = self.toponyms.words[at]
        return (
            len(after) >= _FOREIGN_LETTERS
            and after.isalpha()
            and not after.isascii()
            and after[0] != _AND
            and after not in cues()
            and after not in given_names()
            and not any(gazetteer().by_name_key(reading) for reading in clitic_readings(after))
            and after not in country_adjectives()
            and not lemmas(after)
        )
