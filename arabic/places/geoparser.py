"""The first place tagger: names of the gazetteer in a text, through clitics, with the sentence as evidence.

Longest match first. A name that is also a word, or that only sometimes means the place, counts where the
words around it say so; of several places of one name the one whose country the text speaks of, else the
Syrian, else the most populous. Rules are over words before and after, in data/place_cues.tsv.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyarabic.araby import DAMMATAN, FATHATAN, HEH, KASRATAN, TEH_MARBUTA  # type: ignore[import-untyped]  # it ships no types

from arabic.places.disambiguation import ToponymDisambiguator
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, match_toponyms
from arabic.tables.gazetteer import HOME_COUNTRY, GazetteerEntry, name_key
from arabic.text.normalization import trimmed_end
from arabic.text.sentences import sentence_around

#: Kinds of entries that are no cities: a facet of cities leaves them out.
NON_CITY_KINDS = frozenset({"country", "region"})
#: People of a town that is meant before a little-known one of its name.
LARGE_TOWN_POPULATION = 100_000
_TANWIN = frozenset((FATHATAN, DAMMATAN, KASRATAN))


@dataclass(frozen=True, slots=True)
class PlaceTag:
    """A place named at [start, end) of a text."""

    entry: GazetteerEntry
    start: int
    end: int
    evidence: str  #: the sentence
    evidence_start: int


def find_places(text: str) -> list[PlaceTag]:
    """The places (cities, quarters, provinces, regions and countries) that `text` names, in order."""
    toponyms = match_toponyms(text)
    if not toponyms.matches:
        return []
    context = ToponymDisambiguator(toponyms)
    accepted = context.accepted()
    country_counts = _countries_named(accepted)
    rejected_counts = _countries_of_rejected(toponyms.matches, accepted)
    tags = []
    for match in accepted:
        entry = _resolve_entry(match, context, country_counts or rejected_counts, accepted)
        if entry is None:
            continue
        start, end = toponyms.normalized.span(match.start, match.end)
        end = trimmed_end(text, start, end)
        if _is_spelt_as_word(text[start:end], match, context):
            continue
        first, last = sentence_around(text, start, end)
        tags.append(PlaceTag(entry, start, end, text[first:last], first))
    return tags


def _is_spelt_as_word(written: str, match: ToponymMatch, context: ToponymDisambiguator) -> bool:
    """Folding hides what tells a word from a name: a tanwin (دوماً, معانٍ), or "his" where the name has a ta
    marbuta (جده, his grandfather; who writes Jeddah so is believed when he calls it a town)."""
    if not _TANWIN.isdisjoint(written):
        return True
    if match.needs is RequiredContext.NOTHING or not written.endswith(HEH) or context.is_titled(match):
        return False
    return match.entries[0].name.endswith(TEH_MARBUTA)


def _countries_named(matches: list[ToponymMatch]) -> Counter[str]:
    """How often the text names each country, by itself or by a place whose name no other country shares."""
    counted: Counter[str] = Counter()
    for match in matches:
        countries = {entry.country for entry in match.entries}
        if len(countries) == 1:
            counted[countries.pop()] += 1
    return counted


def _countries_of_rejected(matches: list[ToponymMatch], accepted: list[ToponymMatch]) -> Counter[str]:
    """How often names of several words that were not believed speak of each country: the Red Sea is hardly
    meant as a province, but it is in Egypt or Sudan."""
    taken = {match.first for match in accepted}
    rejected = (match for match in matches if match.first not in taken and match.last > match.first + 1)
    return Counter(entry.country for match in rejected for entry in match.entries)


def _resolve_entry(
    match: ToponymMatch,
    context: ToponymDisambiguator,
    country_counts: Counter[str],
    accepted: list[ToponymMatch],
) -> GazetteerEntry | None:
    """The place that is meant; None if the text puts the name in a country where the gazetteer has none."""
    best = match.entries[0]
    if country := context.country_after(match) or context.crossing_side(match):
        there = next((entry for entry in match.entries if entry.country == country), None)
        if there or (best.kind != "country" and context.is_located_by_country(match)):
            return there
    if near := _same_governorate_entry(match, country_counts, accepted):
        return near
    if (best.country == HOME_COUNTRY and country_counts[HOME_COUNTRY]) or context.is_crossing(match):
        return best
    named = [
        entry
        for entry in match.entries
        if country_counts[entry.country]
        and (entry is best or not _is_minor_place(entry, match, context) or _has_neighbour(entry, accepted))
    ]
    return max(named, key=lambda entry: country_counts[entry.country], default=_best_known(match))


def _best_known(match: ToponymMatch) -> GazetteerEntry:
    """The Syrian place, where there is one; but a village of which nobody knows how many live there only
    where the text speaks of Syria, if there is a large town of its name (تالين, المنصورة)."""
    best = match.entries[0]
    large = [entry for entry in match.entries if entry.population >= LARGE_TOWN_POPULATION]
    return max(large, key=lambda entry: entry.population) if large and not best.population else best


def _is_minor_place(entry: GazetteerEntry, match: ToponymMatch, context: ToponymDisambiguator) -> bool:
    """Whether the place is little known beside a large town of its name, or is itself called otherwise first:
    Cairo in a text does not make its رفح the one in Egypt."""
    written = context.toponyms.normalized.text[match.start : match.end]
    dwarfed = match.entries[0].population >= LARGE_TOWN_POPULATION and not entry.population
    return dwarfed or written in map(name_key, entry.weak_aliases)


def _same_governorate_entry(
    match: ToponymMatch, country_counts: Counter[str], accepted: list[ToponymMatch]
) -> GazetteerEntry | None:
    """The Syrian place whose governorate the text speaks of, where of the better known one of that name
    neither country nor governorate is: صوران in a text about Aleppo, الجيزة in one about Daraa."""
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
    """Whether the text names another place of its governorate, or a region of its country."""
    others = (match.entries[0] for match in accepted if entry not in match.entries)
    return any(
        other.governorate_key == entry.governorate_key
        if other.kind != "region"
        else other.country == entry.country
        for other in others
    )
