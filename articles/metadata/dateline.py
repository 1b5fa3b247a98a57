"""Prediction of the dateline: the place in the lead-in from which a report was sent."""

from __future__ import annotations

from arabic.tables.gazetteer import GazetteerEntry
from articles.metadata.lead_in import LeadIn, LeadInPart
from articles.metadata.prediction import Prediction

#: Confidences. Next to an agency, newspaper or date, next to a person, or in a line of credits a place is a
#: dateline; a place with a dash or colon nearly always; an ambiguous name, a country, or a place alone on
#: its line (a team, a heading) less often; before a parenthesis rarely; two countries are a match.
WITH_COMPANY, WITH_PERSON, IN_CREDITS, ALONE, AMBIGUOUS, ASIDE = 0.97, 0.95, 0.92, 0.85, 0.45, 0.35
#: A smaller village is rarely a dateline by itself, and its name is often a common word (المصدر).
VILLAGE = 10_000


def predict_dateline(lead_in: LeadIn) -> Prediction | None:
    """Return the first place of the lead-in, or None if there is none."""
    places = lead_in.of_kind("place")
    if not places or not lead_in.end:
        return None
    first = places[0]
    entry = first.entry
    if lead_in.of_kind("agency") or lead_in.of_kind("paper") or lead_in.of_kind("date"):
        confidence, method = WITH_COMPANY, "dateline-signed"
    elif lead_in.of_kind("person"):
        confidence, method = WITH_PERSON, "dateline-person"
    elif lead_in.of_kind("unknown"):
        confidence, method = IN_CREDITS, "dateline-credits"
    elif lead_in.aside or (len(places) > 1 and all(_is_country(place) for place in places)):
        confidence, method = ASIDE, "dateline-place"
    elif entry is None or entry.ambiguous or entry.kind == "country" or _is_village(entry) or lead_in.line:
        confidence, method = AMBIGUOUS, "dateline-place"
    else:
        confidence, method = ALONE, "dateline-place"
    return Prediction("dateline", first.name, confidence, method, first.start, first.end)


def _is_village(entry: GazetteerEntry) -> bool:
    return entry.kind == "city" and entry.population < VILLAGE


def _is_country(place: LeadInPart) -> bool:
    return place.entry is not None and place.entry.kind == "country"
