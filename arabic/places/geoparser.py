"""Geoparser: finds the places that a text names, with the sentence as evidence.

The longest name wins. A name that is also a word, or that only sometimes means the place, counts where the
words around it indicate the place (data/place_cues.tsv). Of places with the same name it chooses the one in
a country that the text names, else the Syrian one, else the most populous. articles/geotagging/ stores the
results.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyarabic.araby import (  # type: ignore[import-untyped]  # it ships no types
    ALEF,
    ALEF_HAMZA_ABOVE,
    ALEF_HAMZA_BELOW,
    DAMMATAN,
    FATHATAN,
    HEH,
    KASRATAN,
    TEH_MARBUTA,
)

from arabic.morphology.lemmatizer import morph_analyses
from arabic.places.disambiguation import ToponymDisambiguator
from arabic.places.name_bearers import Surroundings
from arabic.places.neighbours import LOCATING, cue_before
from arabic.places.team_names import is_about_sport
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, match_toponyms
from arabic.tables.gazetteer import ARAB_COUNTRIES, HOME_COUNTRY, GazetteerEntry, name_key
from arabic.text.sentences import sentence_around
from arabic.text.tokenized_text import TokenizedText, tokenized, trimmed_end

#: Kinds of entries that are not cities: the city facet leaves them out.
NON_CITY_KINDS = frozenset({"country", "region"})
#: A town of this population is preferred to a little-known one with the same name.
LARGE_TOWN_POPULATION = 100_000
NO_SURROUNDINGS = Surroundings()
_QUARTER = "quarter"
_HAMZAS = {ALEF_HAMZA_ABOVE, ALEF_HAMZA_BELOW}
_TANWIN = frozenset((FATHATAN, DAMMATAN, KASRATAN))


@dataclass(frozen=True, slots=True)
class PlaceTag:
    """A place named at [start, end) of a text."""

    entry: GazetteerEntry
    start: int
    end: int
    evidence: str  #: the sentence
    evidence_start: int
    #: True if the text names an institution at the place (جامعة دمشق), not the place itself.
    institution: bool = False


def surroundings_of(text: str | TokenizedText, tags: list[PlaceTag]) -> Surroundings:
    """Return what a text, in which `tags` were found, says about the names of its title."""
    return Surroundings(
        is_about_sport(tokenized(text).words),
        tuple(tag.entry.country for tag in tags),
        frozenset(tag.entry.key for tag in tags),
    )


def find_places(text: str | TokenizedText, surroundings: Surroundings = NO_SURROUNDINGS) -> list[PlaceTag]:
    """Return the places (cities, quarters, provinces, regions and countries) that `text` names, in order.

    `surroundings`: what the rest of the article says, for a title.
    """
    toponyms = match_toponyms(tokenized(text))
    if not toponyms.matches:
        return []
    context = ToponymDisambiguator(toponyms, surroundings)
    accepted = context.accepted()
    country_counts = (
        _countries_named(accepted)
        or Counter(surroundings.countries)
        or _countries_of_rejected(toponyms.matches, accepted)
    )
    resolver = _EntryResolver(context, accepted, country_counts, surroundings)
    original = toponyms.text.original
    tags = []
    for match in accepted:
        entry = resolver.entry(match)
        if entry is None:
            continue
        start, end = toponyms.text.span(match.start, match.end)
        end = trimmed_end(original, start, end)
        if _is_spelt_as_word(original[start:end], match, context):
            continue
        first, last = sentence_around(original, start, end)
        institution = context.bearers.is_institution(match)
        tags.append(PlaceTag(entry, start, end, original[first:last], first, institution))
    return tags


def _is_spelt_as_word(written: str, match: ToponymMatch, context: ToponymDisambiguator) -> bool:
    """Return True if the spelling, which normalization hides, shows that a match is a word, not a name.

    A tanwin (دوماً, معانٍ); a final "his" where the name has a ta marbuta (جده is "his grandfather"), or
    another hamza (أزرع is "I sow", فأس an axe), unless the text calls it a town.
    """
    if not _TANWIN.isdisjoint(written):
        return True
    best = match.entries[0]
    if {written[:1], best.name[:1]} == _HAMZAS and best.country in ARAB_COUNTRIES:
        one_word = match.last - match.first == 1 and best.kind != "country"
        is_word = one_word and bool(morph_analyses(context.toponyms.words[match.first]))
        located = context.is_led(match) or cue_before(context.toponyms, match) in LOCATING
        if is_word and not (located or context.is_titled(match)):
            return True
    if match.needs is RequiredContext.NOTHING or context.is_titled(match):
        return False
    has_other_seat = any(
        letter in _HAMZAS and spelt == ALEF
        for letter, spelt in zip(written[::-1], best.name[::-1], strict=False)
    )
    return has_other_seat or (written.endswith(HEH) and best.name.endswith(TEH_MARBUTA))


def _countries_named(matches: list[ToponymMatch]) -> Counter[str]:
    """Count how often the text names each country.

    By the country's own name, or by a place whose name no other country shares.
    """
    counted: Counter[str] = Counter()
    for match in matches:
        countries = {entry.country for entry in match.entries}
        if len(countries) == 1:
            counted[countries.pop()] += 1
    return counted


def _countries_of_rejected(matches: list[ToponymMatch], accepted: list[ToponymMatch]) -> Counter[str]:
    """Count the countries of rejected names of several words.

    The Red Sea is hardly meant as a province, but it is in Egypt or Sudan.
    """
    taken = {match.first for match in accepted}
    rejected = (match for match in matches if match.first not in taken and match.last > match.first + 1)
    return Counter(entry.country for match in rejected for entry in match.entries)


class _EntryResolver:
    """Decides which place a name means, of those that share it, in one text."""

    def __init__(
        self,
        context: ToponymDisambiguator,
        accepted: list[ToponymMatch],
        country_counts: Counter[str],
        surroundings: Surroundings,
    ) -> None:
        self._context = context
        #: One match of each name: a long text repeats its names.
        self._accepted = list({id(match.entries): match for match in accepted}.values())
        self._country_counts = country_counts
        #: Countries of the cities and countries that the text names: quarters of many cities share names.
        self._towns = {
            entry.country for match in accepted for entry in match.entries if entry.kind != _QUARTER
        }
        self._keys = surroundings.keys
        #: Name → the place in the governorate that the text puts it in, once for the whole text; None if the
        #: gazetteer has no such place there.
        self._located: dict[str, GazetteerEntry | None] = {}
        for match in accepted:
            if match.entries[0].kind != "country":
                self._locate(match)

    def entry(self, match: ToponymMatch) -> GazetteerEntry | None:
        """Return the place that is meant.

        None if the text puts the name in a country for which the gazetteer has no such place.
        """
        context, best = self._context, match.entries[0]
        if country := context.country_after(match) or context.crossing_side(match):
            there = next((entry for entry in match.entries if entry.country == country), None)
            if there or (best.kind != "country" and context.is_located_by_country(match)):
                return there
        if (name := self._name(match)) in self._located:
            return self._located[name]
        if len(match.entries) == 1:
            elsewhere = best.kind == _QUARTER and self._towns and best.country not in self._towns
            return None if elsewhere else best
        known = [each for each in match.entries if each.key in self._keys]
        return known[0] if known else self._likeliest(match)

    def _likeliest(self, match: ToponymMatch) -> GazetteerEntry:
        """Return the place that the countries and governorates named in the text indicate."""
        context, counts = self._context, self._country_counts
        best = match.entries[0]
        if near := _same_governorate_entry(match, counts, self._accepted):
            return near
        if (best.country == HOME_COUNTRY and counts[HOME_COUNTRY]) or context.is_crossing(match):
            return best
        named = [
            entry
            for entry in match.entries
            if counts[entry.country]
            and (
                entry is best
                or not _is_minor_place(entry, match, context)
                or _has_neighbour(entry, self._accepted)
            )
        ]
        return max(named, key=lambda entry: counts[entry.country], default=_best_known(match))

    def _name(self, match: ToponymMatch) -> str:
        return self._context.toponyms.text.text[match.start : match.end]

    def _locate(self, match: ToponymMatch) -> None:
        """Note the place of a name that is called a governorate, or said to be in one."""
        if province := self._context.governorate_after(match):
            divisions = {each.governorate_key for each in province.entries} - {""}
            countries = {each.country for each in province.entries}
            there = [each for each in match.entries if each.governorate_key in divisions]
            there = there or [each for each in match.entries if each.country in countries]
            if there:
                self._located[self._name(match)] = there[0]
            elif self._context.is_titled(match):
                self._located.setdefault(self._name(match), None)
        elif len(match.entries) > 1 and self._context.is_governorate(match):
            seats = [
                each for each in match.entries if each.kind == "governorate" or each.name == each.governorate
            ]
            counts = self._country_counts
            if not any(counts[each.country] for each in match.entries):
                self._located.setdefault(self._name(match), seats[0] if seats else match.entries[0])
            elif named := [each for each in seats if counts[each.country]]:
                self._located.setdefault(self._name(match), max(named, key=lambda each: counts[each.country]))


def _best_known(match: ToponymMatch) -> GazetteerEntry:
    """Return the best-ranked place: the Syrian one if there is one, else the most populous.

    A village of unknown population gives way to a large town with its name (تالين, المنصورة).
    """
    best = match.entries[0]
    large = [entry for entry in match.entries if entry.population >= LARGE_TOWN_POPULATION]
    return max(large, key=lambda entry: entry.population) if large and not best.population else best


def _is_minor_place(entry: GazetteerEntry, match: ToponymMatch, context: ToponymDisambiguator) -> bool:
    """Return True if a large town shares the name of a little-known place, or it is better known by another.

    A mention of Cairo is not enough evidence that رفح is the one in Egypt.
    """
    written = context.toponyms.text.text[match.start : match.end]
    dwarfed = match.entries[0].population >= LARGE_TOWN_POPULATION and not entry.population
    return dwarfed or written in map(name_key, entry.weak_aliases)


def _same_governorate_entry(
    match: ToponymMatch, country_counts: Counter[str], accepted: list[ToponymMatch]
) -> GazetteerEntry | None:
    """Return the Syrian place in a governorate that the text names, if nothing points to the best place.

    The text must name neither the country nor the governorate of the better known place: صوران in a text
    about Aleppo, الجيزة in one about Daraa.
    """
    best = match.entries[0]
    divisions = {each.entries[0].governorate_key for each in accepted if best not in each.entries}
    if best.governorate_key in divisions or (best.country != HOME_COUNTRY and country_counts[best.country]):
        return None
    return next(
        (
            each
            for each in match.entries[1:]
            if each.country == HOME_COUNTRY and each.governorate_key in divisions
        ),
        None,
    )


def _has_neighbour(entry: GazetteerEntry, accepted: list[ToponymMatch]) -> bool:
    """Return True if the text names another place of its governorate, or a region of its country."""
    others = (match.entries[0] for match in accepted if entry not in match.entries)
    return any(
        other.governorate_key == entry.governorate_key
        if other.kind != "region"
        else other.country == entry.country
        for other in others
    )
