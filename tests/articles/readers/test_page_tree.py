"""Pages whose elements stand deeper inside each other than the parser reads by itself."""

from __future__ import annotations

import pytest

from articles.text.problem_messages import MESSAGES
from tests.articles.readers.sample_files import MORE, TEXT, TITLE, parse_only, problem_codes


def deep_page(tag: str, depth: int) -> bytes:
    """Return a page of many elements that are never closed, with paragraphs between."""
    inside = "".join(f"<{tag}>" + f"<p>{at}. {MORE}</p>" * (at % 20 == 0) for at in range(depth))
    head = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    return f"{head}{inside}<p>{TEXT}</p></body></html>".encode()


@pytest.mark.parametrize("tag", ["font", "div", "span"])
def test_text_inside_hundreds_of_open_elements_is_read_to_its_end(tag: str) -> None:
    record = parse_only("a.html", deep_page(tag, 400))
    lines = record.body.split("\n")
    assert lines == [*(f"{at}. {MORE}" for at in range(0, 400, 20)), TEXT]
    assert "html-too-deep" not in problem_codes(record)


def test_thousands_of_elements_that_only_change_the_looks_are_left_out() -> None:
    record = parse_only("a.html", deep_page("font", 2100))
    assert record.body.endswith(TEXT)
    assert "html-too-deep" not in problem_codes(record)


def test_what_is_too_deep_to_be_read_is_said() -> None:
    record = parse_only("a.html", deep_page("div", 2100))
    assert MORE in record.body
    assert "html-too-deep" in problem_codes(record) & MESSAGES.keys()


def test_words_of_deep_elements_are_neither_joined_nor_parted() -> None:
    deep = "<div>" * 300
    word = "<p>كتا<b>ب</b>ين</p><div>أول<p>ثان</p>ثالث</div>رابع"
    page = f"<html><body><h1>{TITLE}</h1><p>{TEXT}</p><p>{MORE}</p>{deep}{word}{'</div>' * 300}<p>{TEXT}</p>"
    body = parse_only("a.html", page.encode()).body
    assert "كتابين" in body
    assert not [each for each in ("أولثان", "ثانثالث", "ثالثرابع") if each in body]
