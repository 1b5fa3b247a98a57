"""Query sets made from an operator's own articles."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from search.evaluation.known_items import (
    DAMAGE_KINDS,
    build_query_sets,
    content_words,
    damage_words,
    seeded_random,
    select_headlines,
)
from search.results import Record

BODY = "كلمة " * 30
WORDS = st.lists(st.text("ابتثجحخدرسصعفقكلمنهويةىأئؤ", min_size=3, max_size=9), min_size=3, max_size=3)


def record(number: int, title: str, body: str = BODY) -> Record:
    return Record(id=number, title=title, body=body, external_id=f"a{number}")


def test_a_short_query_is_the_first_three_content_words() -> None:
    title = "هل يصل 20 وفدًا إلى «جنيف» قبل المؤتمر؟"
    assert content_words(title) == ("يصل", "وفدا", "جنيف")


def test_articles_with_the_same_headline_are_all_relevant() -> None:
    asked = select_headlines(
        [record(1, "قصف مدينة حمص"), record(2, "قصف مدينة حمص!"), record(3, "هدنة مدينة حلب")]
    )
    assert [(each.id, each.relevant) for each in asked] == [("a1", ("a1", "a2")), ("a3", ("a3",))]


@pytest.mark.parametrize(
    ("title", "body", "why"),
    [
        ("قصف حمص", BODY, "two words are no short query"),
        ("", BODY, "no headline"),
        ("قصف مدينة حمص", "صورة", "no text to be found by"),
    ],
)
def test_articles_without_usable_headlines_are_left_out(title: str, body: str, why: str) -> None:
    assert select_headlines([record(1, title, body)]) == [], why


def test_articles_of_another_set_are_left_out() -> None:
    records = [record(1, "قصف مدينة حمص"), record(2, "قصف مدينة حمص"), record(3, "هدنة مدينة حلب")]
    assert [each.id for each in select_headlines(records, frozenset({"a2"}))] == ["a3"]


@given(WORDS, st.integers())
def test_one_damage_is_applied_and_named(words: list[str], seed: int) -> None:
    kind, hurt = damage_words(words, seeded_random(seed))
    assert kind in DAMAGE_KINDS
    assert hurt != words
    changed = sum(one != other for one, other in zip(words, hurt, strict=False))
    assert "".join(hurt) == "".join(words) if kind == "joined" else changed == 1


@pytest.mark.parametrize(
    ("kind", "words", "wanted"),
    [
        ("article", ["المدينة"], ["مدينة"]),
        ("article", ["مدينة"], ["المدينة"]),
        ("hamza", ["فئة"], ["فؤة", "فئه"]),
        ("joined", ["قصف", "حمص", "ليلا"], ["قصفحمص ليلا", "قصف حمصليلا"]),
    ],
)
def test_each_kind_of_damage_resembles_typing_errors(kind: str, words: list[str], wanted: list[str]) -> None:
    found = {" ".join(way) for seed in range(30) for way in DAMAGE_KINDS[kind](words, seeded_random(seed))}
    assert found == set(wanted)


def test_the_same_seed_gives_the_same_sets_and_another_one_others() -> None:
    asked = select_headlines([record(number, f"وصول الوفد {'مدينة' * number}") for number in range(1, 9)])
    assert build_query_sets(asked, 1) == build_query_sets(asked, 1)
    assert build_query_sets(asked, 1)["noisy"] != build_query_sets(asked, 2)["noisy"]
    assert build_query_sets(asked, 1)["short"] == build_query_sets(asked, 2)["short"]


def lines(path: Path) -> list[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as text:
        return [json.loads(line) for line in text]


@pytest.mark.django_db
def test_sets_of_the_archive_hold_published_articles_without_their_headlines(tmp_path: Path) -> None:
    Article.objects.create(title="قصف مدينة حمص", body=BODY)
    Article.objects.create(title="مسودة سرية جدا هنا", body=BODY, state=Article.State.DRAFT)
    Article.objects.create(title="عنوان من النص نفسه", body=BODY, title_derived=True)
    call_command("make_queries", tmp_path)
    assert [each["text"] for each in lines(tmp_path / "queries.jsonl")] == ["قصف مدينة حمص"]
    documents = lines(tmp_path / "docs.jsonl.gz")
    assert [each["title"] for each in documents] == ["", ""]
    (asked,) = lines(tmp_path / "noisy.jsonl")
    assert asked["relevant"] == [documents[0]["id"]]
    assert asked["kind"] in DAMAGE_KINDS


@pytest.mark.django_db
def test_an_archive_without_headlines_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing to ask for"):
        call_command("make_queries", tmp_path)
