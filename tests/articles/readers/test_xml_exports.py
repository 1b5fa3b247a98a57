"""XML exports as other programs write them: bare signs, a wrong declaration, files cut or damaged."""

from __future__ import annotations

import io
import re

import pytest

from articles.readers.blob import Blob
from articles.readers.content import xml_bytes
from articles.readers.content.xml_tree import iter_elements, to_bytes
from tests.articles.readers.dump_files import DUMPS
from tests.articles.readers.sample_files import parse_file, parse_only, rejection_code
from tests.articles.readers.stories import draw_stories

#: Exports of XML: the end of an element, and the number of such elements for a story.
EXPORTS = {"WordPress": (b"</item>", 3), "NewsML-G2": (b"</newsItem>", 2), "ALTO": (b"</Page>", 1)}
STORIES = draw_stories(199, seed=7)


def written(kind: str, count: int = 199) -> bytes:
    return DUMPS[kind].make(STORIES[:count])


def behind(kind: str, data: bytes, stories: int) -> int:
    """Return the place behind the elements of so many stories."""
    end, each = EXPORTS[kind]
    return [found.end() for found in re.finditer(end, data)][stories * each - 1]


def read(kind: str, data: bytes) -> tuple[list[str], list[str]]:
    """Return the texts of the records, and the codes of those that are rejected."""
    found = parse_file(DUMPS[kind].name, data)
    return [each.body for each in found if not each.rejected], [
        rejection_code(each) for each in found if each.rejected
    ]


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("sign", [b"&", b"<", b"&nbsp;", b"&amp;", b"&&;"])
def test_a_bare_sign_in_the_first_article_keeps_no_other_from_being_read(kind: str, sign: bytes) -> None:
    text = STORIES[0].title if kind == "WordPress" else STORIES[0].body  # where the text is verbatim
    first, second = (text.split(" ")[at].encode() for at in (0, 1))
    data = written(kind).replace(first + b" " + second, first + b" " + sign + b" " + second, 1)
    data = data.replace(b'"' + first + b'"', b'"' + first + b" " + sign + b'"', 1)  # words of ALTO
    found, refused = read(kind, data)
    assert (len(found), refused) == (len(STORIES), [])
    for body, story in zip(found[1:], STORIES[1:], strict=True):
        assert story.body in body


def test_bare_signs_of_a_title_are_in_it_and_those_of_a_verbatim_part_as_they_are() -> None:
    data = written("WordPress", 2).decode()
    data = data.replace(STORIES[0].title, "بيع & شراء < ١٠٠", 1).replace(STORIES[0].body, "س&amp;ع < ٣", 1)
    first, second = parse_file("blog.xml", data.encode())
    assert first.title == "بيع & شراء < ١٠٠"
    assert "\nس&ع < ٣\n" in first.body
    assert second.title == STORIES[1].title


@pytest.mark.parametrize("size", [1, 2, 3, 5, 17, 40, 64])
def test_the_borders_of_blocks_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "ا & ب <![CDATA[ & < ]]> ]] <!-- & < --> -- &nbsp;&amp;&lt;&#65; < 3 <b>x</b>"
    data = f"<?xml version='1.0'?><r><i>{text}</i><i>{text}</i></r>".encode()
    whole = list(map(to_bytes, iter_elements(blob_of(data), "i")))
    monkeypatch.setattr(xml_bytes, "BLOCK", size)
    # An element is emptied before the next one, so it is written at once.
    assert [to_bytes(each) for each in iter_elements(blob_of(data), "i")] == whole
    assert len(whole) == 2


def blob_of(data: bytes) -> Blob:
    return Blob("a.xml", lambda: io.BytesIO(data), 2**30, len(data))


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("more", [0, 3, 40, 300])
def test_of_a_file_that_was_cut_the_articles_before_the_cut_are_read_and_the_cut_is_said(
    kind: str, more: int
) -> None:
    data = written(kind, 4)
    found, refused = read(kind, data[: behind(kind, data, 3) + more])
    assert (len(found), refused) == (3, ["xml-broken"])
    assert STORIES[2].body in found[2]


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize(
    "stop", [b"<a>" * 300 + b"</a>" * 300, b"</x></x></x></x></x></x>"], ids=["nested", "ends"]
)
def test_a_place_at_which_reading_ends_is_said(kind: str, stop: bytes) -> None:
    data = written(kind, 9)
    at = behind(kind, data, 1)
    found, refused = read(kind, data[:at] + stop + data[at:])
    assert refused == ["xml-broken"]
    assert STORIES[0].body in found[0]


def test_a_text_of_more_than_ten_megabytes_ends_the_file_with_a_word() -> None:
    data = b"<r><i>1</i><i>" + b"x" * 10_100_000 + b"</i><i>3</i></r>"
    first, last = iter_elements(blob_of(data), "i")
    assert (first.tag, last.code) == ("i", "xml-broken")


@pytest.mark.parametrize("declared", ["UTF-8", "windows-1256", "iso-8859-1", "us-ascii", "nonsense", "idna"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1256"])
def test_an_export_is_read_by_its_bytes_if_they_contradict_its_declaration(
    declared: str, charset: str
) -> None:
    for kind in ("WordPress", "NewsML-G2"):
        data = written(kind, 3).decode().replace("UTF-8", declared, 1).encode(charset)
        found = parse_file(DUMPS[kind].name, data)
        assert [record.title for record in found] == [story.title for story in STORIES[:3]]
        for record, story in zip(found, STORIES, strict=False):
            assert story.body in record.body
            assert "\N{REPLACEMENT CHARACTER}" not in record.data.decode()


def test_a_tag_of_a_post_may_stand_on_several_lines() -> None:
    text = 'سطر أول<img\n  src="a.png"\n\n  alt="x"> وبعد\nسطر <a class="b"\nhref="c">ثان</a>'
    data = written("WordPress", 1).decode().replace(STORIES[0].body, text, 1)
    assert parse_only("blog.xml", data.encode()).body == "صورة\nسطر أول وبعد\nسطر ثان\nفقرة ثانية."


@pytest.mark.parametrize(
    "attributes", ['contenttype="image/jpeg"', 'contenttype="text/plain" encoding="base64"']
)
def test_a_picture_inside_an_item_is_no_text(attributes: str) -> None:
    picture = f"<inlineData {attributes}>/9j/4AAQSkZJRgABAQ</inlineData>".encode()
    data = written("NewsML-G2", 1).replace(b"<contentSet>", b"<contentSet>" + picture)
    record = parse_only("news.xml", data)
    assert record.body.startswith(STORIES[0].body)
    plain = picture.replace(attributes.encode(), b'contenttype="text/plain"')
    assert parse_only("news.xml", data.replace(picture, plain)).body.startswith("/9j")
