"""The place from which a report was sent, in its opening."""

from __future__ import annotations

from arabic.tables.gazetteer import GazetteerEntry
from articles.metadata.lead_in import LeadIn, LeadInPart
from articles.metadata.prediction import Prediction

#: With an agency, paper or date beside the place nothing else is meant, nor with a person or in a line of
#: credits; a place and a dash or colon nearly always; a name that is also a word, a whole country, or a place
#: alone in its line (a team's, a heading) less often; before an aside rarely; two countries are a match.
WITH_COMPANY, WITH_PERSON, IN_CREDITS, ALONE, AMBIGUOUS, ASIDE = 0.97, 0.95, 0.92, 0.85, 0.45, 0.35
#: A village of fewer people seldom stands alone before a report, and its name is often a word (المصدر).
VILLAGE = 10_000


def predict_dateline(opening: LeadIn) -> Prediction | None:
    """The first place of the opening."""
    places = opening.of_kind("place")
    if not places or not opening.end:
        return None
    first = places[0]
    entry = first.entry
    if opening.of_kind("agency") or opening.of_kind("paper") or opening.of_kind("date"):
        confidence, method = WITH_COMPANY, "dateline-signed"
    elif opening.of_kind("person"):
        confidence, method = WITH_PERSON, "dateline-person"
    elif opening.of_kind("unknown"):
        confidence, method = IN_CREDITS, "dateline-credits"
    elif opening.aside or (len(places) > 1 and all(_is_country(place) for place in places)):
        confidence, method = ASIDE, "dateline-place"
    elif entry is None or entry.ambiguous or entry.kind == "country" or _is_village(entry) or opening.line:
        confidence, method = AMBIGUOUS, "dateline-place"
    else:
        confidence, method = ALONE, "dateline-place"
    return Prediction("dateline", first.name, confidence, method, first.start, first.end)


def _is_village(entry: GazetteerEntry) -> bool:
    return entry.kind == "city" and entry.population < VILLAGE


def _is_country(place: LeadInPart) -> bool:
    return place.entry is not None and place.entry.kind == "country"
