"""The stages between reading and saving: sanitizing, titles, dates, places, identity."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.geotagging.geotagger import find_place_spans
from articles.identity.record_keys import record_key
from articles.ingest.transform import UNDATED, transform_record
from articles.metadata.headline import MAX_TITLE_CHARACTERS, first_sentence
from articles.metadata.inference import infer_fields
from articles.metadata.publication_date import CONFIRMED, IN_A_SENTENCE, extract_publication_date
from articles.text.document import make_document
from articles.text.fingerprints import text_hash
from articles.text.records import RawRecord
from articles.text.sanitize import sanitize_file_name, sanitize_record, sanitize_text

TODAY = date(2026, 11, 23)


def record(**fields: object) -> RawRecord:
    return RawRecord("a.jsonl", 1, b"{}", **fields)  # type: ignore[arg-type]  # each test gives some fields


def codes(of: RawRecord) -> list[str]:
    return [problem.code for problem in of.problems]


# -- sanitizing


@given(st.text())
def test_sanitizing_is_idempotent_for_text_without_entities(text: str) -> None:
    once, _ = sanitize_text(text.replace("&", ""))
    assert sanitize_text(once)[0] == once


def test_each_character_that_cannot_be_stored_is_replaced_where_it_stands_alone() -> None:
    """The texts that are searched once only, as they need nothing, are those without such a character."""
    kept = [char for char in map(chr, range(0x10000)) if sanitize_text(f"ا{char}ا") == (f"ا{char}ا", {})]
    changed = {*map(chr, range(0x10000))} - set(kept)
    unsafe = {*map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)))}
    assert changed == (unsafe | set("\u2028\u2029\ufffe\uffff\ufeff")) - set("\t\n")


@given(st.text(st.characters(categories=["L", "Mn", "Nd"])))
def test_no_letter_mark_or_digit_is_changed(text: str) -> None:
    assert sanitize_text(text) == (text, {})


@given(st.text())
def test_sanitized_text_can_be_stored_in_any_database(text: str) -> None:
    sanitize_text(text)[0].encode()
    assert "\0" not in sanitize_text(text)[0]


def test_line_ends_entities_and_control_characters_are_replaced_and_counted() -> None:
    found = sanitize_record(
        record(title="خبر\r\nفي سطرين", body="قال &quot;نعم&quot;\r\nثم\x00 ذهب\u2028بعيدا &copy")
    )
    assert found.title == "خبر في سطرين"
    assert found.body == 'قال "نعم"\nثم ذهب\nبعيدا &copy'
    assert codes(found) == ["entities", "characters-removed"]


def test_script_tags_stay_text() -> None:
    assert sanitize_record(record(title="<script>alert(1)</script>")).title == "<script>alert(1)</script>"


def test_file_names_keep_their_end_and_lose_control_characters() -> None:
    assert sanitize_file_name("a\0b\n" + "x" * 600 + ".txt").endswith("x.txt")
    assert len(sanitize_file_name("x" * 600)) == 500


# -- titles


@given(st.text(min_size=1))
def test_a_derived_title_is_at_most_a_hundred_characters_on_one_line(text: str) -> None:
    title = first_sentence(text)
    assert len(title) <= MAX_TITLE_CHARACTERS
    assert "\n" not in title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("وصلت القافلة. ثم عادت.", "وصلت القافلة."),
        ("هل وصلت؟ نعم", "هل وصلت؟"),
        ("سطر أول\nسطر ثان", "سطر أول"),
        ("سعر الرغيف 2.5 ليرة. انتهى", "سعر الرغيف 2.5 ليرة."),
        ("كلمة " * 40, "كلمة " * 18 + "كلمة…"),
    ],
)
def test_the_first_sentence_replaces_a_missing_title(text: str, title: str) -> None:
    found, inferred = infer_fields(record(body=text), UNDATED)
    assert [each.method for each in inferred if each.field == "title"] == ["first-sentence"]
    assert found.title == title


def test_a_given_title_is_not_derived() -> None:
    assert infer_fields(record(title="عنوان", body="نص."), UNDATED)[1] == ()


# -- dates


@pytest.mark.parametrize(
    ("given_date", "first", "precision"),
    [
        ("2012-05-24", date(2012, 5, 24), "day"),
        ("2012-05", date(2012, 5, 1), "month"),
        ("2012", date(2012, 1, 1), "year"),
        ("24 أيار 2012", date(2012, 5, 24), "day"),
        ("2012-05-24T23:30:00Z", date(2012, 5, 24), "day"),
    ],
)
def test_the_date_of_the_metadata_is_used_with_its_precision(
    given_date: str, first: date, precision: str
) -> None:
    dated = extract_publication_date(record(date=given_date), TODAY)
    assert (dated.first, dated.precision, dated.notes) == (first, precision, ())


@pytest.mark.parametrize(
    "nonsense", ["غدا", "0000-00-00", "9999-12-31", "2012-13-45", "3015", "0001-01-01", "1/1/1"]
)
def test_an_invalid_date_leaves_the_article_undated_and_is_noted(nonsense: str) -> None:
    dated = extract_publication_date(record(date=nonsense, body="حمص، الخميس 24 أيار 2012"), TODAY)
    assert (dated.first, dated.precision) == (None, "")
    assert dated.notes[0].code in {"date-unknown", "date-absurd"}


def test_a_dateline_dates_an_article_without_metadata_and_is_noted() -> None:
    dated = extract_publication_date(record(body="حمص – الخميس 24 أيار 2012\nوصلت القافلة."), TODAY)
    assert dated.first == date(2012, 5, 24)
    assert [note.code for note in dated.notes] == ["date-from-text"]


@pytest.mark.parametrize(
    ("head", "day", "confidence"),
    [
        ("حمص – الخميس 24 أيار 2012\nوصلت القافلة.", date(2012, 5, 24), 0.95),
        ("حمص، 24 أيار 2012\nوصلت القافلة.", date(2012, 5, 24), 0.85),
        ("حمص – الجمعة 24 أيار 2012\nوصلت القافلة.", date(2012, 5, 24), 0.4),
        ("جدة 15 ربيع الأول 1433هـ\nوصلت القافلة.", date(2012, 2, 7), 0.85),
        ("جدة 15 ربيع الأول 1433هـ الموافق 7 فبراير 2012م\nوصلت القافلة.", date(2012, 2, 7), 0.95),
        ("جدة 15 ربيع الأول 1433هـ الموافق 17 فبراير 2012م\nوصلت القافلة.", date(2012, 2, 17), 0.4),
        ("حمص، 24 أيار 2012: وصلت القافلة.", date(2012, 5, 24), 0.85),
        ("وصلت القافلة في 24 أيار 2012 إلى حمص.", date(2012, 5, 24), 0.1),
        ("وصلت القافلة يوم الخميس 24 أيار 2012، إلى حمص.", date(2012, 5, 24), 0.1),
        ("حمص 30 شباط 2012\nوصلت القافلة.", None, 0.0),
        ("من 3 إلى 7 آذار 2012 وصلت القوافل.", None, 0.0),
        ("قال أمس إن القافلة وصلت.", None, 0.0),
    ],
)
def test_the_confidence_of_a_dateline_depends_on_what_confirms_it(
    head: str, day: date | None, confidence: float
) -> None:
    dated = extract_publication_date(record(body=head), TODAY)
    assert (dated.first, dated.confidence) == (day, confidence)


@pytest.mark.parametrize(
    "sentence",
    [
        "ونشر ناشطون مقطع فيديو في 5 آذار 2012 يظهر القصف.",
        "تم نشر الجيش في حلب في 5 آذار 2012",
        "وكان المرسوم التشريعي رقم 40 قد صدر في 5/3/2012.",
    ],
)
def test_the_verb_to_publish_in_a_sentence_does_not_date_the_article(sentence: str) -> None:
    for body in (f"{sentence}\nوصلت القافلة.", f"وصلت القافلة.\n{sentence}"):
        assert extract_publication_date(record(body=body), TODAY).confidence <= IN_A_SENTENCE
    below = extract_publication_date(record(body="وصلت القافلة.\nتم نشره في 5 آذار 2012"), TODAY)
    assert (below.first, below.confidence) == (date(2012, 3, 5), CONFIRMED)


def test_a_headline_with_the_verb_to_publish_and_a_day_is_no_credit() -> None:
    headline = "تم نشر الجيش في حلب في 5 آذار 2012"
    text = record(body=f"{headline}\n\nقال شهود إن القوات وصلت إلى الأحياء الشرقية من المدينة صباحا.")
    _record, inferred = infer_fields(text, extract_publication_date(text, TODAY))
    assert [each.value for each in inferred if each.field == "title"] == [headline]


def test_metadata_is_certain() -> None:
    assert extract_publication_date(record(date="2012-05"), TODAY).confidence == 1.0
    assert extract_publication_date(record(date="1433-03-15"), TODAY).first == date(2012, 2, 7)
    assert extract_publication_date(record(date="nonsense"), TODAY).confidence == 0.0


def test_two_different_dates_at_the_head_leave_it_undated() -> None:
    text = "بين 24 أيار 2012 و26 أيار 2012 وصلت قافلتان."
    assert extract_publication_date(record(body=text), TODAY).first is None


def test_a_day_on_a_line_of_its_own_counts_beside_another_in_the_lead() -> None:
    lead = "حمص - أُعيد أمس افتتاح المتحف بعد أعمال ترميم بدأت في 2 حزيران 2017."
    found = extract_publication_date(record(body=f"صحيفة العاصي - 24 أيار 2019\n{lead}"), TODAY)
    assert found.first == date(2019, 5, 24)


def test_a_date_far_down_the_text_is_not_a_dateline() -> None:
    assert extract_publication_date(record(body="خبر. " * 60 + "24 أيار 2012"), TODAY).first is None


# -- places


def test_places_are_found_in_title_text_and_metadata() -> None:
    spots = find_place_spans(
        make_document("قصف بحمص", "وصلت القافلة إلى مدينة دمشق."), ["حلب", "قرية لا يعرفها أحد"]
    )
    named = [(spot.place if isinstance(spot.place, str) else spot.place.name, spot.field) for spot in spots]
    assert named == [
        ("حمص", "title"),
        ("دمشق", "body"),
        ("حلب", "metadata"),
        ("قرية لا يعرفها أحد", "metadata"),
    ]
    assert {spot.evidence for spot in spots if spot.field == "metadata"} == {"metadata"}


def test_countries_are_not_cities() -> None:
    assert find_place_spans(make_document("زيارة إلى سوريا ولبنان", ""), ["سوريا"]) == [] or all(
        isinstance(spot.place, str) or spot.place.kind != "country"
        for spot in find_place_spans(make_document("زيارة إلى سوريا ولبنان", ""), ["سوريا"])
    )


# -- identity


def test_a_record_is_identified_by_source_and_id_else_url_else_bytes() -> None:
    both = record(source="س", external_id="1", url="https://x.org/1")
    assert record_key(both) == record_key(record(source="س", external_id="1"))
    assert record_key(both) != record_key(record(source="ص", external_id="1"))
    assert record_key(record(url="https://x.org/1", source="س")) == record_key(record(url="https://x.org/1"))
    assert record_key(record(title="أ")) == record_key(record(title="ب"))  # the same bytes


def test_spelling_variants_of_a_text_have_one_hash() -> None:
    assert text_hash("إدلب", "نصٌ  أول\n") == text_hash("ادلب", "نص أول")
    assert text_hash("أ", "ب ج") != text_hash("أ ب", "ج")


def test_transform_runs_all_stages() -> None:
    line = '{"body": "وصلت القافلة إلى حمص. ثم عادت.", "date": "2012-05-24"}'.encode()
    ready = transform_record(RawRecord("a.jsonl", 1, line, format="jsonl", charset="utf-8"), TODAY, "جريدة")
    assert (ready.record.title, ready.title_derived) == ("وصلت القافلة إلى حمص.", True)
    assert ready.record.source == "جريدة"
    assert ready.publication_date.first == date(2012, 5, 24)
    assert len(ready.sha256) == len(ready.text_hash) == 64


def test_an_invalid_url_is_dropped_and_noted() -> None:
    line = '{"title": "خبر", "url": "javascript:alert(1)"}'.encode()
    ready = transform_record(RawRecord("a.jsonl", 1, line, format="jsonl", charset="utf-8"), TODAY)
    assert ready.record.url == ""
    assert "url-dropped" in codes(ready.record)
