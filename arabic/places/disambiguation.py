"""Toponym disambiguation: decides by the surrounding words whether a name means the place.

The words are in data/place_cues.tsv, phrases in which a name is not the place in data/hidden_phrases.tsv.
Names that occur together, and support one another, are in neighbours.py; those of teams, companies and
persons in name_bearers.py.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from arabic.morphology.protected_words import clitic_readings
from arabic.places.name_bearers import NameBearers, Surroundings, is_titled_in_quotes
from arabic.places.neighbours import (
    CLUB,
    INSTITUTION,
    QUARTER,
    TITLE,
    cue_before,
    cues,
    is_conjoined,
    is_hashtag,
    iter_name_lists,
    may_share_country,
    may_share_governorate,
    may_support,
    may_support_in_list,
    word_after,
    word_before,
)
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, ToponymMatches
from arabic.tables.gazetteer import ARAB_COUNTRIES, country_adjectives, name_key
from arabic.text.normalization import normalize

_PREPOSITION_CLITICS = ("ب", "ل")
_IN, _BETWEEN, _FROM, _TO = map(normalize, ("في", "بين", "من", "إلى"))
_CROSSINGS = frozenset(map(normalize, ("معبر", "منفذ", "بوابة")))
_SIDE, _CAPITAL = normalize("الجانب"), normalize("العاصمة")
#: Capitals make statements, and people travel to them: enough for a city of this size, even if its name is
#: a word.
_METROPOLIS = 1_000_000
#: Words between a name and the place that contains it: القصير بريف حمص, القصير في محافظة حمص, الباب شرقي حلب.
_PROVINCE_WORDS = frozenset(
    normalize(word)
    for word in (
        *("ريف", "محافظة", "ناحية", "قضاء", "وسط"),
        *("شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي"),
    )
)
#: Words for the first division of a country.
_GOVERNORATES = frozenset(map(normalize, ("محافظة", "ولاية", "إمارة", "إقليم", "ريف")))


class ToponymDisambiguator:
    """Decides which of the names of one text mean places."""

    def __init__(self, toponyms: ToponymMatches, surroundings: Surroundings) -> None:
        self.toponyms = toponyms
        self.bearers = NameBearers(toponyms, surroundings)
        self.by_first = {match.first: match for match in toponyms.matches}
        self._by_last = {match.last: match for match in toponyms.matches}
        self._in_place_lists = {
            match.first for run in iter_name_lists(toponyms) if self._is_list_of_places(run) for match in run
        }
        self._in_sure_lists = {
            match.first for run in iter_name_lists(toponyms) if may_share_governorate(run) for match in run
        }

    def accepted(self) -> list[ToponymMatch]:
        """Return the matches that mean places, in order."""
        kept: list[ToponymMatch] = []
        for match in self.toponyms.matches:
            previous = kept[-1] if kept and kept[-1].last == match.first else None
            if not self.bearers.excludes(match) and self._is_place(match, previous):
                kept.append(match)
        return kept

    def country_after(self, match: ToponymMatch) -> str | None:
        """Return the code of the country named right after the match, or None: طرابلس اللبنانية."""
        at = match.last
        if not self.toponyms.is_phrase(at):
            return None
        word = self.toponyms.words[at]
        if word in country_adjectives():
            return country_adjectives()[word]
        country = self.by_first.get(at + 1 if word == _IN else at)
        if country is None or country.entries[0].kind != "country":
            return None
        return country.entries[0].country if word == _IN or country.clitics.endswith("ب") else None

    def is_crossing(self, match: ToponymMatch) -> bool:
        """Return True if a border crossing has this name: the text then names both countries."""
        first = match.first
        return self.toponyms.is_phrase(first) and not _CROSSINGS.isdisjoint(
            clitic_readings(self.toponyms.words[first - 1])
        )

    def crossing_side(self, match: ToponymMatch) -> str | None:
        """Return the code of the country whose side of a crossing it is: الجانب المصري من معبر رفح."""
        if not self.is_crossing(match):
            return None
        words = self.toponyms.words
        before = words[max(0, match.first - 4) : match.first - 1]
        for spoken in (before, words[match.last : match.last + 3]):
            for word, adjective in pairwise(spoken):
                if _SIDE in clitic_readings(word) and adjective in country_adjectives():
                    return country_adjectives()[adjective]
        return None

    def is_located_by_country(self, match: ToponymMatch) -> bool:
        """Return True if "in <country>" after the name must refer to the name.

        It does if the name opens the text or is called a town. (وفد دمشق في تركيا refers to the delegation.)
        """
        return match.first == 0 or cue_before(self.toponyms, match) in (TITLE, "settles", INSTITUTION)

    def governorate_after(self, match: ToponymMatch) -> ToponymMatch | None:
        """Return the governorate that the text puts a name in, or None: الحسينية بمحافظة الحديدة."""
        at = match.last
        if not self.toponyms.is_phrase(at):
            return None
        at += self.toponyms.words[at] in (_IN, _FROM)
        if not self.toponyms.is_phrase(at + 1):
            return None
        word = self.toponyms.words[at]
        if _GOVERNORATES.isdisjoint(clitic_readings(word)) or word[0] == "و":
            return None
        found = self.by_first.get(at + 1)
        return found if found and not found.clitics else None

    def is_governorate(self, match: ToponymMatch) -> bool:
        """Return True if the word before a name calls it a governorate."""
        before = word_before(self.toponyms, match)
        return not match.clitics and not _GOVERNORATES.isdisjoint(clitic_readings(before))

    def is_titled(self, match: ToponymMatch) -> bool:
        """Return True if a word before the name calls it a town, district or capital."""
        return not match.clitics and (
            word_before(self.toponyms, match) == _CAPITAL
            or cue_before(self.toponyms, match) == TITLE
            or is_titled_in_quotes(self.toponyms, match)
        )

    def _is_list_of_places(self, run: list[ToponymMatch]) -> bool:
        """Return True if conjoined names, each of which may be a word, are places together.

        They are if they are three of one country, two after a preposition, or hashtags.
        """
        if not may_share_country(run) or any(map(self._is_verb, run)):
            return False
        first = run[0]
        led = first.clitics.endswith(_PREPOSITION_CLITICS) or cue_before(self.toponyms, first) in (
            "leads",
            "settles",
            INSTITUTION,
            TITLE,
        )
        return len(run) > 2 or led or all(is_hashtag(self.toponyms, match) for match in run)

    def _is_place(self, match: ToponymMatch, previous: ToponymMatch | None) -> bool:
        """Return True if the match has the context that its name requires."""
        if (
            match.needs is RequiredContext.NOTHING
            or self.is_titled(match)
            or match.first in self._in_sure_lists
            or (match.needs is not RequiredContext.TITLE and self.bearers.is_named_around(match))
        ):
            return True
        after = word_after(self.toponyms, match)
        if cues().get(after) == "defines" or (
            previous is not None and self._is_implied_by_neighbour(match, previous)
        ):
            return True
        if self._is_metropolis(match) and (self._is_speaker(match) or self._led_in_its_country(match, after)):
            return True
        if self._is_foreign_metropolis(match):
            return True
        return match.needs is not RequiredContext.TITLE and (
            self._has_place_cue(match, previous)
            or self._is_confirmed_by_next_word(match, after)
            or self._is_led_enough(match, after)
        )

    def _has_place_cue(self, match: ToponymMatch, previous: ToponymMatch | None) -> bool:
        """Return True if the word before it, a place next to it or a province after it indicates a place."""
        cue = cue_before(self.toponyms, match) if not match.clitics else None
        return (
            cue in ("settles", INSTITUTION, QUARTER, CLUB)
            or (cue == "event" and match.needs is RequiredContext.LEAD)
            or match.first in self._in_place_lists
            or self._ends_journey(match)
            or self._in_list(match, previous)
            or self._province_follows(match)
        )

    def _is_confirmed_by_next_word(self, match: ToponymMatch, after: str) -> bool:
        """Return True if the next word shows that it is a place.

        An adjective (القديمة) may follow a common noun too: القصير وريفها.
        """
        return cues().get(after) == "confirms" and (
            match.needs <= RequiredContext.LOCATIVE or after.startswith("و")
        )

    def _is_led_enough(self, match: ToponymMatch, after: str) -> bool:
        """Return True if the name only requires a preposition and has one, or is a hashtag."""
        if match.needs not in (RequiredContext.LEAD, RequiredContext.LOCATIVE):
            return False
        if is_hashtag(self.toponyms, match):
            return True
        led = match.clitics.endswith(_PREPOSITION_CLITICS) or (
            not match.clitics and cue_before(self.toponyms, match) == "leads"
        )
        if match.needs is RequiredContext.LOCATIVE:
            led = match.clitics.endswith("ب") or (
                not match.clitics and _IN in clitic_readings(word_before(self.toponyms, match))
            )
        return led and not self._is_verb(match) and cues().get(after) != "describes"

    def _is_metropolis(self, match: ToponymMatch) -> bool:
        """Return True if the match is the main name of a very large city."""
        best = match.entries[0]
        written = self.toponyms.text.text[match.start : match.end]
        return best.population >= _METROPOLIS and written == name_key(best.name)

    def _is_speaker(self, match: ToponymMatch) -> bool:
        """Return True if the city makes a statement (أعلنت سيول), or is "between" it and another city."""
        if match.clitics:
            return False
        if cue_before(self.toponyms, match) == "speaks":
            return True
        following = self.by_first.get(match.last)
        between = match.first > 0 and self.toponyms.words[match.first - 1] == _BETWEEN
        return (
            between
            and following is not None
            and following.needs is RequiredContext.NOTHING
            and (following.clitics == "و")
        )

    def is_led(self, match: ToponymMatch) -> bool:
        """Return True if a preposition precedes it, attached or as a separate word."""
        return match.clitics.endswith(_PREPOSITION_CLITICS) or cue_before(self.toponyms, match) == "leads"

    def _led_in_its_country(self, match: ToponymMatch, after: str) -> bool:
        """Return True if a preposition precedes it in a text that names its country."""
        return (
            self.is_led(match)
            and match.entries[0].country in self._countries
            and cues().get(after) != "describes"
        )

    @cached_property
    def _countries(self) -> frozenset[str]:
        """The codes of the countries that the text names."""
        return frozenset(
            each.entries[0].country for each in self.toponyms.matches if each.entries[0].kind == "country"
        )

    def _is_foreign_metropolis(self, match: ToponymMatch) -> bool:
        """Return True for a very large city abroad in a text that names its country: كابل."""
        best = match.entries[0]
        return (
            match.needs is RequiredContext.LEAD
            and best.population >= _METROPOLIS
            and best.country not in ARAB_COUNTRIES
            and best.country in self._countries
        )

    def _is_implied_by_neighbour(self, match: ToponymMatch, previous: ToponymMatch) -> bool:
        """Return True if the preceding place shows that any name here is a place.

        This holds after "between Tokyo and …", and for provinces in a row.
        """
        if not is_conjoined(self.toponyms, match):
            return False
        before = previous.first - 1
        between = match.clitics == "و" and before >= 0 and self.toponyms.words[before] == _BETWEEN
        if between and not word_after(self.toponyms, match).startswith("ال"):
            return True
        provinces = [entry.country for entry in match.entries if entry.kind == "governorate"]
        return any(entry.kind == "governorate" and entry.country in provinces for entry in previous.entries)

    def _in_list(self, match: ToponymMatch, previous: ToponymMatch | None) -> bool:
        """Return True if a certain place is next to it, separated by و or a comma."""
        if self._is_verb(match):
            return False
        if (
            previous is not None
            and is_conjoined(self.toponyms, match)
            and may_support_in_list(match, previous)
        ):
            return True
        following = self.by_first.get(match.last)
        return (
            following is not None
            and following.needs is RequiredContext.NOTHING
            and is_conjoined(self.toponyms, following)
            and may_support_in_list(match, following)
        )

    def _ends_journey(self, match: ToponymMatch) -> bool:
        """Return True if a journey from a certain place ends at the name: من حماة إلى السلمية."""
        if match.first < 3 or self.toponyms.words[match.first - 1] != _TO:
            return False
        start = self._by_last.get(match.first - 1)
        if start is None or start.needs is not RequiredContext.NOTHING or start.first == 0:
            return False
        return self.toponyms.words[start.first - 1] == _FROM and may_support(match, start)

    def _is_verb(self, match: ToponymMatch) -> bool:
        """Return True if the name is rather a verb with its object, or a noun with its genitive.

        A name after و or ل and before an article: لتدمر المنازل, وسرت الشائعة.
        """
        if match.clitics[-1:] not in ("و", "ل", "ف") or match.last - match.first > 1:
            return False
        if self.toponyms.words[match.first].startswith(("ال", f"{match.clitics}ال")) or "لل" in match.clitics:
            return False
        after = word_after(self.toponyms, match)
        return (
            after.startswith("ال") and after not in country_adjectives() and cues().get(after) != "confirms"
        )

    def _province_follows(self, match: ToponymMatch) -> bool:
        """Return True if the next words name the place that contains it."""
        at = match.last
        if not self.toponyms.is_phrase(at):
            return False
        if self._is_within_governorate(match):
            return True
        if self.toponyms.words[at] == _IN:
            at += 1
        if at >= len(self.toponyms.words):
            return False
        words = clitic_readings(self.toponyms.words[at])
        if not any(word in _PROVINCE_WORDS for word in words):
            return False
        places = (self.by_first.get(place) for place in (at, at + 1))
        return any(place is not None and may_support(match, place) for place in places)

    def _is_within_governorate(self, match: ToponymMatch) -> bool:
        """Return True if a preposition precedes it and "in" its governorate follows: في السادات بالمنوفية."""
        inside = self.toponyms.words[match.last] == _IN
        province = self.by_first.get(match.last + inside)
        if province is None or (province.clitics == "ب") == inside or province.clitics not in ("", "ب"):
            return False
        divisions = {entry.governorate_key for entry in match.entries} - {""}
        return self.is_led(match) and province.entries[0].governorate_key in divisions
