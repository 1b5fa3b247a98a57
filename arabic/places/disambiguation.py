"""Toponym disambiguation: decides by the surrounding words whether a name means the place.

The words are in data/place_cues.tsv, phrases in which a name is not the place in data/hidden_phrases.tsv.
Names that occur together, and support one another, are in enumerations.py.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise

from arabic.morphology.protected_words import clitic_readings
from arabic.places.enumerations import (
    is_conjoined,
    is_hashtag,
    iter_name_lists,
    may_share_country,
    may_share_governorate,
    may_support,
    may_support_in_list,
)
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, ToponymMatches
from arabic.tables.gazetteer import country_adjectives, name_key, read_table
from arabic.text.normalization import normalize

_OPENING, _CLOSING = frozenset("«\"“‘'("), frozenset("»\"”’')")
_PREPOSITION_CLITICS = ("ب", "ل")
_IN, _BETWEEN, _FROM, _TO = map(normalize, ("في", "بين", "من", "إلى"))
_CROSSINGS = frozenset(map(normalize, ("معبر", "منفذ", "بوابة")))
_SIDE = normalize("الجانب")
#: Words for a quarter: the name is a quarter's, not that of a town for which a quarter or street is named.
_QUARTER, _CLUB = "quarter", "club"
#: نادي جدة الأدبي is in Jeddah, and not a team.
_LITERARY = frozenset(map(normalize, ("الأدبي", "الأدبية", "الثقافي", "الثقافية")))
#: Effect of words after which only the name of a town or district can follow.
_TITLE = "titles"
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


@cache
def _cues() -> dict[str, str]:
    """Map each normalized cue word to its effect."""
    return {normalize(row["word"]): row["effect"] for row in read_table("place_cues.tsv")}


@lru_cache(20_000)
def _cue(word: str) -> str | None:
    """Return the effect of a word before a name, after clitics: titles, settles, denies, leads or others."""
    cues = _cues()
    return next((cues[reading] for reading in clitic_readings(word) if reading in cues), None)


class ToponymDisambiguator:
    """Decides which of the names of one text mean places."""

    def __init__(self, toponyms: ToponymMatches) -> None:
        self.toponyms = toponyms
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
            if not self._is_excluded(match) and self._is_place(match, previous):
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
        return match.first == 0 or self._cue_before(match) in (_TITLE, "settles")

    def is_titled(self, match: ToponymMatch) -> bool:
        """Return True if a word before the name calls it a town or district."""
        return not match.clitics and (self._cue_before(match) == _TITLE or self._titled_in_quotes(match))

    def _is_list_of_places(self, run: list[ToponymMatch]) -> bool:
        """Return True if conjoined names, each of which may be a word, are places together.

        They are if they are three of one country, two after a preposition, or hashtags.
        """
        if not may_share_country(run) or any(map(self._is_verb, run)):
            return False
        first = run[0]
        led = first.clitics.endswith(_PREPOSITION_CLITICS) or self._cue_before(first) in (
            "leads",
            "settles",
            _TITLE,
        )
        return len(run) > 2 or led or all(is_hashtag(self.toponyms, match) for match in run)

    def _word_after(self, match: ToponymMatch) -> str:
        """Return the next word of the phrase, "" at its end."""
        return self.toponyms.words[match.last] if self.toponyms.is_phrase(match.last) else ""

    def _cue_before(self, match: ToponymMatch) -> str | None:
        """Return the effect of the word before the name in its phrase."""
        if not self.toponyms.is_phrase(match.first):
            return None
        return _cue(self.toponyms.words[match.first - 1])

    def _is_excluded(self, match: ToponymMatch) -> bool:
        """Return True if the word before a one-word name rules the place out: street, newspaper, "son of".

        A name alone in quotes is a title, unless a word before the quotes calls it a town.
        """
        if match.last - match.first > 1 or match.entries[0].kind == "country":
            return False
        text = self.toponyms.text.text
        before, after = text[match.start - 1 : match.start], text[match.end : match.end + 1]
        if before in _OPENING - {"("} and after in _CLOSING and before and after:
            return not self._titled_in_quotes(match)
        if match.clitics:
            return False
        cue = self._cue_before(match)
        if cue == _CLUB:
            return self._word_after(match) not in _LITERARY
        return cue == "denies" or (cue == _QUARTER and match.entries[0].kind != _QUARTER)

    def _titled_in_quotes(self, match: ToponymMatch) -> bool:
        """Return True if the word before the opening quote calls the name a town or district."""
        if match.first == 0 or match.clitics:
            return False
        only_the_quote = len(self.toponyms.gaps[match.first].strip()) == 1
        return only_the_quote and _cue(self.toponyms.words[match.first - 1]) == _TITLE

    def _is_place(self, match: ToponymMatch, previous: ToponymMatch | None) -> bool:
        """Return True if the match has the context that its name requires."""
        if (
            match.needs is RequiredContext.NOTHING
            or self.is_titled(match)
            or match.first in self._in_sure_lists
        ):
            return True
        after = self._word_after(match)
        if _cues().get(after) == "defines" or (
            previous is not None and self._is_implied_by_neighbour(match, previous)
        ):
            return True
        if self._is_metropolis(match) and (self._is_speaker(match) or self._led_in_its_country(match, after)):
            return True
        return match.needs is not RequiredContext.TITLE and (
            self._has_place_cue(match, previous)
            or self._is_confirmed_by_next_word(match, after)
            or self._is_led_enough(match, after)
        )

    def _has_place_cue(self, match: ToponymMatch, previous: ToponymMatch | None) -> bool:
        """Return True if the word before it, a place next to it or a province after it indicates a place."""
        cue = self._cue_before(match) if not match.clitics else None
        return (
            cue in ("settles", _QUARTER, _CLUB)
            or match.first in self._in_place_lists
            or self._ends_journey(match)
            or self._in_list(match, previous)
            or self._province_follows(match)
        )

    def _is_confirmed_by_next_word(self, match: ToponymMatch, after: str) -> bool:
        """Return True if the next word shows that it is a place.

        An adjective (القديمة) may follow a common noun too: القصير وريفها.
        """
        return _cues().get(after) == "confirms" and (
            match.needs is RequiredContext.LEAD or after.startswith("و")
        )

    def _is_led_enough(self, match: ToponymMatch, after: str) -> bool:
        """Return True if the name only requires a preposition and has one, or is a hashtag."""
        if match.needs is not RequiredContext.LEAD:
            return False
        if is_hashtag(self.toponyms, match):
            return True
        led = match.clitics.endswith(_PREPOSITION_CLITICS) or (
            not match.clitics and self._cue_before(match) == "leads"
        )
        return led and not self._is_verb(match) and _cues().get(after) != "describes"

    def _is_metropolis(self, match: ToponymMatch) -> bool:
        """Return True if the match is the main name of a very large city."""
        best = match.entries[0]
        written = self.toponyms.text.text[match.start : match.end]
        return best.population >= _METROPOLIS and written == name_key(best.name)

    def _is_speaker(self, match: ToponymMatch) -> bool:
        """Return True if the city makes a statement (أعلنت سيول), or is "between" it and another city."""
        if match.clitics:
            return False
        if self._cue_before(match) == "speaks":
            return True
        following = self.by_first.get(match.last)
        between = match.first > 0 and self.toponyms.words[match.first - 1] == _BETWEEN
        return (
            between
            and following is not None
            and following.needs is RequiredContext.NOTHING
            and (following.clitics == "و")
        )

    def _is_led(self, match: ToponymMatch) -> bool:
        """Return True if a preposition precedes it, attached or as a separate word."""
        return match.clitics.endswith(_PREPOSITION_CLITICS) or self._cue_before(match) == "leads"

    def _led_in_its_country(self, match: ToponymMatch, after: str) -> bool:
        """Return True if a preposition precedes it in a text that names its country."""
        named = {
            each.entries[0].country for each in self.toponyms.matches if each.entries[0].kind == "country"
        }
        return self._is_led(match) and match.entries[0].country in named and _cues().get(after) != "describes"

    def _is_implied_by_neighbour(self, match: ToponymMatch, previous: ToponymMatch) -> bool:
        """Return True if the preceding place shows that any name here is a place.

        This holds after "between Tokyo and …", and for provinces in a row.
        """
        if not is_conjoined(self.toponyms, match):
            return False
        before = previous.first - 1
        between = match.clitics == "و" and before >= 0 and self.toponyms.words[before] == _BETWEEN
        if between and not self._word_after(match).startswith("ال"):
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
        after = self._word_after(match)
        return (
            after.startswith("ال") and after not in country_adjectives() and _cues().get(after) != "confirms"
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
        return self._is_led(match) and province.entries[0].governorate_key in divisions
