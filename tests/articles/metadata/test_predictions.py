"""Predictions of metadata, measured on a table of beginnings and ends of texts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.ingest.transform import UNDATED
from articles.metadata.inference import FILL_THRESHOLDS, infer_fields, iter_predictions
from articles.metadata.prediction import Prediction
from articles.metadata.publication_date import extract_publication_date
from articles.text.persons import KNOWN, NONE, SHAPE, name_confidence
from articles.text.publishers import find_agencies, find_agency, find_publisher
from articles.text.records import RawRecord

CASES = Path(__file__).with_name("prediction_cases.tsv")
#: Cases of this kind may have a source that is only proposed.
ANY = "?"
#: Predictions below this are only proposed to librarians.
ASSERTED = 0.5
FIELDS = ("title", "byline", "source", "dateline")


def cases() -> Iterator[dict[str, str]]:
    """Return the rows of the table, with line breaks."""
    with CASES.open(encoding="utf-8") as lines:
        rows = csv.DictReader(
            (line for line in lines if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        for row in rows:
            yield {**row, "text": row["text"].replace("⏎", "\n")}


def guesses(text: str, **given_fields: str) -> dict[str, Prediction]:
    """Return the predictions by field."""
    return {guess.field: guess for guess in iter_predictions(RawRecord("a.txt", body=text, **given_fields))}  # type: ignore[arg-type]  # text fields


@dataclass
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, wanted: str, found: str) -> None:
        """Count the outcome of one case."""
        self.right += bool(found) and found == wanted
        self.wrong += bool(found) and found != wanted
        self.missed += bool(wanted) and found != wanted

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def scored(field: str, floor: float) -> Score:
    score = Score()
    for case in cases():
        guess = guesses(case["text"]).get(field)
        found = guess.value if guess and guess.confidence >= floor else ""
        score.count("" if case[field] == ANY else case[field], found)
    return score


@pytest.mark.parametrize("field", FIELDS)
def test_precision_and_recall_over_the_table(field: str) -> None:
    score = scored(field, ASSERTED)
    print(f"{field}: precision {score.precision:.3f}, recall {score.recall:.3f}, {score}")
    assert score.precision >= 0.97
    assert score.recall >= 0.95


@pytest.mark.parametrize("field", ["byline", "source", "dateline"])
def test_predictions_that_fill_a_field_are_correct_throughout_the_table(field: str) -> None:
    score = scored(field, FILL_THRESHOLDS[field])
    assert score.wrong == 0
    assert score.recall >= 0.75


#: Parts of lead-ins, in any order.
WORDS = (
    "حمص", "دمشق", "سوريا", "سانا", "رويترز", "وكالات", "خاص", "محمد علي", "«المدى»", "صحيفة الضحى", "12/5",
    "12 آذار 2013", "الأحد", "بقلم", "كتب", "قال شهود", "المصدر", "John Miller", "0", "م", "\u200f",
)  # fmt: skip
OPENINGS = st.lists(st.sampled_from((*WORDS, *"ـ-:،/()«».* \n"))).map("".join)


@given(OPENINGS)
def test_every_prediction_has_a_span_of_the_text(text: str) -> None:
    for guess in iter_predictions(RawRecord("a.txt", body=text)):
        assert 0 <= guess.start <= guess.end <= len(text)
        assert 0.0 < guess.confidence < 1.0
        if guess.field in ("byline", "dateline") or guess.method == "line":
            assert guess.value in " ".join(text[guess.start : guess.end].split())


@given(OPENINGS | st.text())
@example("0/0")
@example("12/5، وصلت القافلة.")
@example("دمشق، درعا، إدلب بلا كهرباء.")
def test_the_evidence_contains_the_value(text: str) -> None:
    _record, inferred = infer_fields(RawRecord("a.txt", body=f"حمص - سانا: {text}"), UNDATED)
    for each in inferred:
        assert 0 <= each.start <= each.end <= len(each.evidence)
    assert "حمص" in {each.evidence[each.start : each.end] for each in inferred}


def test_fields_given_by_metadata_are_never_changed() -> None:
    text = "عنوان من ثلاث كلمات\n\nبقلم: نجيب عازار\nحمص - سانا: وصلت القافلة صباح الخميس إلى الحي القديم."
    full = RawRecord("a.txt", title="عنوان", body=text, source="جريدة", byline="كاتب", date="2012-05-24")
    record, inferred = infer_fields(full, extract_publication_date(full, date(2026, 1, 1)))
    assert record == full
    assert {each.field for each in inferred} == {"dateline"}
    empty, _inferred = infer_fields(RawRecord("a.txt", body=text), UNDATED)
    assert (empty.title, empty.byline) == ("عنوان من ثلاث كلمات", "نجيب عازار")
    assert empty.source == "وكالة الأنباء السورية"


def test_an_uncertain_source_is_proposed_and_not_used() -> None:
    text = "باريس - «الشروق»: عقد المجلس جلسته الأولى أمس."
    record, inferred = infer_fields(RawRecord("a.txt", body=text), UNDATED)
    assert record.source == ""
    assert [(each.value, each.used) for each in inferred if each.field == "source"] == [("الشروق", False)]


@pytest.mark.parametrize(
    ("text", "confidence", "used"),
    [
        ("حمص، 24 أيار 2012: وصلت القافلة.", 0.85, True),
        ("حمص، الأحد 24 أيار 2012\nوصلت القافلة.", 0.4, False),
    ],
)
def test_the_date_of_a_dateline_is_inferred_with_its_confidence(
    text: str, confidence: float, used: bool
) -> None:
    record = RawRecord("a.txt", body=text)
    _record, inferred = infer_fields(record, extract_publication_date(record, date(2026, 1, 1)))
    found = next(each for each in inferred if each.field == "date")
    assert (found.value, found.confidence, found.used) == ("2012-05-24", confidence, used)
    assert found.evidence[found.start : found.end].endswith("24 أيار 2012")


def test_a_date_in_a_sentence_is_not_proposed() -> None:
    record = RawRecord("a.txt", body="وصلت القافلة في 24 أيار 2012 إلى حمص.")
    _record, inferred = infer_fields(record, extract_publication_date(record, date(2026, 1, 1)))
    assert {each.field for each in inferred} == {"title"}


def test_a_dateline_is_not_part_of_a_derived_title() -> None:
    assert guesses("حمص - سانا: وصلت القافلة. ثم عادت.")["title"].value == "وصلت القافلة."


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("أحمد العلي", KNOWN),
        ("عبد الرحمن منيف", KNOWN),
        ("أحمد العلي وسمر يزبك", KNOWN),
        ("ياسين الحاج صالح", KNOWN),
        ("قيصر بستاني", SHAPE),
        ("John Miller", SHAPE),
        ("أحمد", NONE),
        ("وزير الصحة", NONE),
        ("على الجدار", NONE),
        ("أحمد 12", NONE),
        ("أحمد العلي ــ حمص", NONE),
        ("الأمم المتحدة", NONE),
    ],
)
def test_names_of_persons(text: str, how: float) -> None:
    assert name_confidence(text) == how


def test_all_forms_of_agency_signatures() -> None:
    forms = ("أ ف ب", "أ.ف.ب", "ا.ف.ب.", "AFP", "فرانس برس", "وكالة الصحافة الفرنسية")
    assert {find_agency(form) for form in forms} == {"وكالة فرانس برس"}
    assert find_agencies("سانا + وكالات") == ["وكالة الأنباء السورية"]
    assert find_agencies("سانا ومسؤولون") == []
    assert find_publisher("صحيفة «المدى»") == "صحيفة المدى"
