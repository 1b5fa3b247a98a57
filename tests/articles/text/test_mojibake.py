"""Repair of text that was saved with a wrong encoding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.text.mojibake import _LATIN, repair_text
from tests.articles.conftest import jsonl_line, records_of
from tests.articles.ingest.test_samples import EVERYTHING

LINES = sorted({line.strip() for text in EVERYTHING for line in text.splitlines() if len(line.split()) > 2})
_CHARS = {byte: char for char, byte in _LATIN.items()}


def as_windows_1252(text: str) -> str:
    """Return UTF-8 bytes decoded as browsers decode windows-1252."""
    return "".join(_CHARS[byte] if byte > 127 else chr(byte) for byte in text.encode())


def as_latin_1(text: str) -> str:
    return text.encode().decode("latin-1")


def twice(text: str) -> str:
    return as_windows_1252(as_windows_1252(text))


def as_windows_1256(text: str) -> str:
    return text.encode().decode("cp1256")


def from_windows_1256(text: str) -> str:
    return "".join(_CHARS[byte] if byte > 127 else chr(byte) for byte in text.encode("cp1256"))


ACCIDENTS = [as_windows_1252, as_latin_1, twice, as_windows_1256, from_windows_1256]
Accident = Callable[[str], str]


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize(
    "text", ["حمص", "دمشق والرقة", "Syria: حمص 2013", "وصل ٢٣ جريحا إلى المشفى، وفق الأهالي؟"]
)
def test_text_in_a_wrong_encoding_is_repaired(text: str, accident: Accident) -> None:
    if accident is from_windows_1256 and "٢" in text:
        pytest.skip("windows-1256 has no Arabic digits")
    if accident is as_windows_1256 and "Syria" in text:
        pytest.skip("one word among Latin ones is not sure enough")
    fixed, kind, lines, lost = repair_text(accident(text))
    assert (fixed, lines, lost) == (text, 1, 0)
    assert kind


@given(st.sampled_from(LINES), st.sampled_from([as_windows_1252, as_latin_1, twice, as_windows_1256]))
def test_every_sentence_of_the_samples_is_repaired_after_every_kind_of_damage(
    line: str, accident: Accident
) -> None:
    assert repair_text(accident(line))[0] == line


def test_no_sentence_of_the_samples_is_changed() -> None:
    assert [line for line in LINES if repair_text(line)[2]] == []


@pytest.mark.parametrize(
    "text",
    [
        "وسط، الشرط؟ محافظ، حفظ؛ ضغط.",
        "Café à l’été, ÉCOLE Ça va",
        "Ø 12 mm",
        "Übergröße für Ängste",
        "ط، ظ؛ ط",
    ],
)
def test_text_that_only_looks_damaged_is_unchanged(text: str) -> None:
    assert repair_text(text) == (text, "", 0, 0)


@given(st.text(), st.sampled_from(ACCIDENTS[:4]))
def test_no_text_makes_it_fail(text: str, accident: Accident) -> None:
    repair_text(text)
    repair_text(
        accident(text.encode("utf-8", "replace").decode()) if accident is not as_windows_1256 else text
    )


def test_a_lost_byte_is_shown_and_counted_and_the_original_bytes_are_kept() -> None:
    body = "سطر سليم\n" + as_windows_1252("وقالت الحكومة في بيان لها").replace("\u0081", "")
    line = jsonl_line(title="خبر", body=body)
    (record,) = (parse_and_sanitize(each) for each in records_of("a.jsonl", line.encode()))
    assert record.body == "سطر سليم\nوقالت الحكومة \N{REPLACEMENT CHARACTER}ي بيان لها"
    said = {problem.code: problem.detail for problem in record.problems}
    assert said["mojibake"] == "UTF-8 → windows-1252; 1"
    assert said["bytes-broken"] == "1"
    assert record.data == line.encode()


def test_entities_that_were_escaped_twice_become_letters() -> None:
    line = jsonl_line(title="&amp;#1581;&amp;#1605;&amp;#1589;", body="&#1581;&#x645;&#1589;")
    (record,) = (parse_and_sanitize(each) for each in records_of("a.jsonl", line.encode()))
    assert (record.title, record.body) == ("حمص", "حمص")
