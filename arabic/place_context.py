"""Whether a name in a text means the place: judged by the words before and after it."""

from __future__ import annotations

from functools import cache

from arabic.gazetteer import gazetteer, name_key, read_table
from arabic.letters import fold
from arabic.names import clitic_readings
from arabic.place_matching import Match, Needs, Reading

#: Between two words that belong to one phrase; in a list of places also a comma.
_PHRASE_BREAKS = frozenset('.!؟?:;؛\n()[]«»"“”،,')
_LIST_BREAKS = _PHRASE_BREAKS - frozenset("،,")
_OPENING, _CLOSING = frozenset("«\"“‘'("), frozenset("»\"”’')")
_PREPOSITION_CLITICS = ("ب", "ل")
_IN = "في"
#: Words whose next one can only be the name of a town or district.
_TITLE = "titles"
#: "القصير بريف حمص", "القصير في محافظة حمص", "الباب شرقي حلب": a name before such a word and a place.
_PROVINCE_WORDS = frozenset(
    fold(word)
    for word in (
        *("ريف", "محافظة", "ناحية", "قضاء", "وسط"),
        *("شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي"),
    )
)


@cache
def _cues() -> dict[str, str]:
    return {fold(row["word"]): row["effect"] for row in read_table("place_cues.tsv")}


@cache
def _cue(word: str) -> str | None:
    """What a word before a name says: titles, settles, denies or leads; clitics on the cue do not matter."""
    cues = _cues()
    return next((cues[reading] for reading in clitic_readings(word) if reading in cues), None)


@cache
def _adjectives() -> dict[str, str]:
    """Folded adjective of a country, with article → its code: اللبنانية → LB."""
    found: dict[str, str] = {}
    for entry in gazetteer().by_key.values():
        if entry.kind != "country":
            continue
        for name in map(name_key, (entry.name, *entry.aliases)):
            stem = (
                name.removeprefix("ال")
                .removesuffix("يا")
                .removesuffix("يه")
                .removesuffix("ا")
                .removesuffix("ه")
            )
            if " " not in name and len(stem) >= 3:
                for ending in ("ي", "يه"):
                    found.setdefault(f"ال{stem}{ending}", entry.country)
    return found


class Context:
    """The judge of the names of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.by_first = {match.first: match for match in reading.matches}

    def accepted(self) -> list[Match]:
        """The matches that mean places, in order."""
        kept: list[Match] = []
        for match in self.reading.matches:
            previous = kept[-1] if kept and kept[-1].last == match.first else None
            if not self._denied(match) and self._says_place(match, previous):
                kept.append(match)
        return kept

    def country_after(self, match: Match) -> str | None:
        """The code of the country that the words right after put the name in: طرابلس اللبنانية."""
        at = match.last
        if not self._joined(at, _PHRASE_BREAKS):
            return None
        word = self.reading.words[at]
        if word in _adjectives():
            return _adjectives()[word]
        country = self.by_first.get(at + 1 if word == _IN else at)
        if country is None or country.entries[0].kind != "country":
            return None
        return country.entries[0].country if word == _IN or country.clitics.endswith("ب") else None

    def locates(self, match: Match) -> bool:
        """Whether "in <country>" after the name must be about the name: it opens the text or is called a
        town. (وفد دمشق في تركيا is about the delegation.)"""
        return match.first == 0 or self._cue_before(match) in (_TITLE, "settles")

    def is_titled(self, match: Match) -> bool:
        """Whether a word before the name calls it a town or district."""
        return not match.clitics and self._cue_before(match) == _TITLE

    def _joined(self, second: int, breaks: frozenset[str]) -> bool:
        """Whether a word stands in one phrase with the one before it."""
        if not 0 < second < len(self.reading.words):
            return False
        gap = self.reading.gaps[second]
        return gap == " " or breaks.isdisjoint(gap)

    def _word_after(self, match: Match) -> str:
        """The next word of the phrase, "" at its end."""
        if not self._joined(match.last, _PHRASE_BREAKS):
            return ""
        return self.reading.words[match.last]

    def _cue_before(self, match: Match) -> str | None:
        if not self._joined(match.first, _PHRASE_BREAKS):
            return None
        return _cue(self.reading.words[match.first - 1])

    def _denied(self, match: Match) -> bool:
        """Street, newspaper, "son of" before a one-word name; a name alone in quotes is a title, unless it is
        called a town before them."""
        if match.last - match.first > 1 or match.entries[0].kind == "country":
            return False
        text = self.reading.folded.text
        before, after = text[match.start - 1 : match.start], text[match.end : match.end + 1]
        if before in _OPENING - {"("} and after in _CLOSING and before and after:
            return not self._titled_in_quotes(match)
        return not match.clitics and self._cue_before(match) == "denies"

    def _titled_in_quotes(self, match: Match) -> bool:
        if match.first == 0 or match.clitics:
            return False
        only_the_quote = len(self.reading.gaps[match.first].strip()) == 1
        return only_the_quote and _cue(self.reading.words[match.first - 1]) == _TITLE

    def _says_place(self, match: Match, previous: Match | None) -> bool:
        cue = self._cue_before(match) if not match.clitics else None
        if match.needs is Needs.NOTHING or cue == _TITLE:
            return True
        if match.needs is Needs.TITLE:
            return False
        if cue == "settles" or self._in_list(match, previous) or self._province_follows(match):
            return True
        after = self._word_after(match)
        confirmed = _cues().get(after) == "confirms"
        if match.needs is Needs.CONTEXT:
            return confirmed and after.startswith("و")  # القصير وريفها; القديمة may follow a common noun
        led = cue == "leads" or confirmed or match.clitics.endswith(_PREPOSITION_CLITICS)
        return led and not self._is_verb(match)

    def _in_list(self, match: Match, previous: Match | None) -> bool:
        """Beside a sure place, with و or a comma between."""
        if self._is_verb(match):
            return False
        if previous is not None and self._and_or_comma(match) and _neighbours(match, previous):
            return True
        following = self.by_first.get(match.last)
        return (
            following is not None
            and following.needs is Needs.NOTHING
            and self._and_or_comma(following)
            and _neighbours(match, following)
        )

    def _is_verb(self, match: Match) -> bool:
        """Whether a name behind و or ل and before an article is rather a verb with its object, or a noun with
        its genitive: لتدمر المنازل, وسرت الشائعة."""
        if match.clitics[-1:] not in ("و", "ل", "ف") or match.last - match.first > 1:
            return False
        if self.reading.words[match.first].startswith(("ال", f"{match.clitics}ال")) or "لل" in match.clitics:
            return False
        after = self._word_after(match)
        return after.startswith("ال") and after not in _adjectives() and _cues().get(after) != "confirms"

    def _and_or_comma(self, second: Match) -> bool:
        if not self._joined(second.first, _LIST_BREAKS):
            return False
        gap = self.reading.gaps[second.first]
        return second.clitics == "و" or "،" in gap or "," in gap

    def _province_follows(self, match: Match) -> bool:
        at = match.last
        if not self._joined(at, _PHRASE_BREAKS):
            return False
        if self.reading.words[at] == _IN:
            at += 1
        if at >= len(self.reading.words):
            return False
        words = clitic_readings(self.reading.words[at])
        if not any(word in _PROVINCE_WORDS for word in words):
            return False
        places = (self.by_first.get(place) for place in (at, at + 1))
        return any(place is not None and _neighbours(match, place) for place in places)


def _neighbours(match: Match, other: Match) -> bool:
    """Whether a place beside the name can tell that it is one: a village's name beside its country's only."""
    if not match.entries[0].needs:
        return True
    return not {entry.country for entry in match.entries}.isdisjoint(entry.country for entry in other.entries)
