"""During an import each text is normalized, split into words and searched for dates only once."""

from __future__ import annotations

import json
import pickle
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import pytest

from arabic.dates.tagger import DateSearch
from arabic.text import normalization, tokenized_text
from arabic.text.tokenized_text import TokenizedText
from articles.ingest.load import RecordLoader
from articles.ingest.parallel_transform import RecordTransform
from articles.ingest.transform import TransformedRecord, transform_record
from articles.metadata.publication_date import DATELINE_CHARACTERS, extract_publication_date
from articles.models import Article, ImportBatch, Place, Upload
from articles.text.document import DocumentField, make_document, mask_words
from articles.text.records import RawRecord

TODAY = date(2026, 1, 1)
LETTERS = "بجدرسطعفقكلمنوي"
TITLE = "قصف على حمص يوم 24 أيار 2012"
BODY = (
    "حمص - سانا\n24 أيار 2012\n"
    + "وصلت القافلة إلى مدينة حمص يوم الخميس الماضي، وكان شيء من المساعدات قد وصل قبل ذلك. " * 8
    + "وكان آخرها في 3 آذار 2012."
)


class Calls:
    """Counts of normalizing, splitting and searching, by text."""

    def __init__(self) -> None:
        self.normalized: Counter[str] = Counter()
        self.split: Counter[str] = Counter()
        self.searched: Counter[str] = Counter()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Count the work on texts of more than a line."""
    made = Calls()
    normalize, search, pattern = (
        normalization._normalize_characters,
        DateSearch.__init__,
        tokenized_text._WORD,
    )

    def normalized(text: str, *table: Any) -> str:
        made.normalized[text] += 1
        return normalize(text, *table)

    def searched(self: DateSearch, text: TokenizedText) -> None:
        made.searched[text.original] += 1
        search(self, text)

    class Pattern:
        def split(self, text: str) -> list[Any]:
            made.split[text] += 1
            return pattern.split(text)

    monkeypatch.setattr(normalization, "_normalize_characters", normalized)
    monkeypatch.setattr(tokenized_text, "_WORD", Pattern())
    monkeypatch.setattr(DateSearch, "__init__", searched)
    tokenized_text.tokenize_text.cache_clear()
    return made


def record(**fields: str) -> RawRecord:
    line = json.dumps(fields, ensure_ascii=False).encode()
    return RawRecord("a.jsonl", 1, line, format="jsonl", charset="utf-8")


def times(counted: Counter[str], text: str) -> int:
    """Return how often most of the text was processed."""
    return sum(count for each, count in counted.items() if len(each) > len(text) / 2 and each[:20] in text)


@pytest.mark.parametrize(
    "fields", [{"title": TITLE, "date": "2012-05-24"}, {"title": TITLE}, {}], ids=["dated", "undated", "bare"]
)
def test_the_body_is_read_once(fields: dict[str, str], calls: Calls) -> None:
    done = transform_record(record(body=BODY, **fields), TODAY)
    body = done.record.body
    assert done.publication_date.first == date(2012, 5, 24)
    assert done.date_spans
    assert done.place_spans
    assert done.sketch
    assert calls.normalized[body] == times(calls.normalized, body) == 1
    assert calls.searched[body] == times(calls.searched, body) == 1
    assert times(calls.split, DocumentField(body).words.text) == 1


def test_the_title_is_read_once(calls: Calls) -> None:
    transform_record(record(title=TITLE, body=BODY), TODAY)
    assert (calls.normalized[TITLE], calls.searched[TITLE]) == (1, 1)
    assert calls.split[TokenizedText(TITLE).text] == 1


@pytest.mark.django_db
def test_saving_in_an_archive_with_names_of_its_own_reads_no_text_again(calls: Calls) -> None:
    Place.objects.create(key="own-القافلة", slug="القافلة", name="القافلة", kind="city")
    done = transform_record(record(title=TITLE, body=BODY), TODAY)
    batch = ImportBatch.objects.create()
    RecordLoader(batch).save([(done, Upload(batch=batch, name="a.jsonl"))])
    assert {place.name for place in Article.objects.get().places.all()} >= {"القافلة", "حمص"}
    assert calls.normalized[done.record.body] == 1
    assert times(calls.split, done.document.body.words.text) == 1


@pytest.mark.django_db
def test_saving_what_another_process_read_normalizes_no_text_again(calls: Calls) -> None:
    Place.objects.create(key="own-القافلة", slug="القافلة", name="القافلة", kind="city")
    done = RecordTransform(TODAY).transform(record(title=TITLE, body=BODY))
    sent: TransformedRecord = pickle.loads(pickle.dumps(done))  # noqa: S301  our own
    assert sent == done
    calls.normalized.clear()
    tokenized_text.tokenize_text.cache_clear()
    batch = ImportBatch.objects.create()
    RecordLoader(batch).save([(sent, Upload(batch=batch, name="a.jsonl"))])
    assert {place.name for place in Article.objects.get().places.all()} >= {"القافلة", "حمص"}
    assert times(calls.normalized, done.record.body) == 0


def test_a_document_with_another_title_keeps_its_body() -> None:
    document = make_document("", "خبر")
    assert document.with_title("") is document
    other = document.with_title("عنوان")
    assert (other.title.text, other.body) == ("عنوان", document.body)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    assert isinstance(DocumentField.words, cached_property)
    assert "words" not in vars(make_document("عنوان", "خبر").body)


def test_a_preview_reads_the_head_of_a_text_only(calls: Calls) -> None:
    assert extract_publication_date(RawRecord("a.txt", body=BODY), TODAY).first == date(2012, 5, 24)
    assert max(map(len, calls.normalized)) <= DATELINE_CHARACTERS


def test_of_a_text_with_low_confidence_words_a_preview_reads_the_head_only(calls: Calls) -> None:
    read = RawRecord("a.jpg", body=BODY, low_confidence_words=frozenset(("القافله",)))
    assert extract_publication_date(read, TODAY).first == date(2012, 5, 24)
    assert max(map(len, calls.normalized)) <= DATELINE_CHARACTERS
    assert not extract_publication_date(replace(read, low_confidence_words=frozenset(("ايار",))), TODAY).first


def test_masking_words_takes_time_in_proportion_to_the_text() -> None:
    words = [f"{first}{second}{third}" for first in LETTERS for second in LETTERS for third in LETTERS]
    masked = frozenset(words[::2])
    text = "\n".join(words[:10])
    assert mask_words(text, masked) == "\n".join("□□□" if each in masked else each for each in words[:10])

    def seconds(repeated: int) -> float:
        text = " ".join(words * repeated)
        started = time.process_time()
        mask_words(text, masked)
        return time.process_time() - started

    assert min(seconds(8) for _ in range(2)) < 14 * min(seconds(1) for _ in range(3))
