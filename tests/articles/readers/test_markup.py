"""HTML is prepared for the parser without a loss of text."""

from __future__ import annotations

import pytest

from articles.readers.content.page_tree import parse_page
from articles.readers.markup import html_to_text, prepare_markup


@pytest.mark.parametrize("attribute", ["a{}=1", "a{}='1 > 0'", 'a{} = "<p b=1>"', "a{}"])
def test_the_first_attributes_of_a_crowded_tag_are_kept(attribute: str) -> None:
    tag = f"<p {' '.join(attribute.format(number) for number in range(1_000))}>خبر من حمص</p>"
    tree, is_whole = parse_page(f"<html><body>{tag}<p class=x>قصف</p></body></html>")
    assert is_whole
    first, second = tree.iter("p")
    assert first.text == "خبر من حمص"
    assert list(first.attrib) == [f"a{number}" for number in range(200)]
    assert (second.text, second.get("class")) == ("قصف", "x")
    assert html_to_text(tag) == "خبر من حمص"


def test_other_markup_is_left_as_it_is() -> None:
    page = "<p " + " ".join(f"a{number}=1" for number in range(200)) + ">1 < 2 و <b c='>'>قصف</b> a=b " * 300
    assert prepare_markup(page) == page.encode()
