"""The Jinja2 templates escape what they draw, send no indentation, and show their texts to makemessages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test.utils import override_script_prefix
from django.utils import translation
from django.utils.translation.template import templatize

from search.results import Hit, Record, Segment, Snippet, TermChange
from search.web.viewmodels.result_list import Link
from tests.search.web.test_catalogue_completeness import jinja_texts

FOLDER = Path(settings.BASE_DIR) / "templates" / "jinja2"
TEMPLATES = sorted(FOLDER.glob("*.html"))
HOSTILE = "\"><script>alert('x')</script>"
ESCAPED = "&lt;script&gt;"


def drawn(name: str, **variables: object) -> str:
    """Render as a page of Django's templates does."""
    source = "{% load jinja_tags %}{% jinja name %}"
    return engines["django"].from_string(source).render({"name": name, **variables})


def hit(text: str) -> Hit:
    snippet = Snippet((Segment(text, marked=True), Segment(text)))
    about = (("x", text), ("y", text))
    record = Record(id=7, title=text, body="", source=text, cities=about, about=about)
    return Hit(record, snippet, snippet, 1.0, strict=True, also=(Record(id=8, title=text, body=""),))


def test_archived_texts_are_escaped() -> None:
    page = drawn("hits.html", hits=[hit(HOSTILE)], before=0, state="q=x", selected=[7])
    assert "<script" not in page
    assert page.count(ESCAPED) == 9, (
        "title, twice marked or not, its paper, two places, snippet, version, label"
    )
    assert page.count("<mark>") == 2


@pytest.mark.parametrize("name", ["chips.html", "view_tabs.html", "pages.html", "menus.html"])
def test_what_was_typed_is_escaped(name: str) -> None:
    link = Link(HOSTILE, HOSTILE, current=True)
    other = Link(HOSTILE, HOSTILE)
    links = {key: [link, other] for key in ("chips", "tabs", "pages", "sorts", "groups", "levels")}
    page = drawn(name, **links, has_groups=True, previous_page=HOSTILE, next_page=HOSTILE, this_url=HOSTILE)
    assert ESCAPED in page
    assert "<script" not in page


def test_addresses_of_one_script_prefix_are_not_kept_for_another() -> None:
    """A stranger may send SCRIPT_NAME through a proxy: it must not lead the links of others astray."""
    hits = {"hits": [hit("حمص")], "before": 0, "state": "", "selected": []}
    with override_script_prefix("/elsewhere/5%/"):
        assert 'href="/elsewhere/5%25/article' in drawn("hits.html", **hits)
    assert "elsewhere" not in drawn("hits.html", **hits)


def test_pages_have_no_indentation_of_templates() -> None:
    assert not re.search(r"\n[ \t]", drawn("hits.html", hits=[hit("حمص")], before=0, state="", selected=[]))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_makemessages_reads_every_text(path: Path) -> None:
    source = path.read_text("utf-8")
    seen = templatize(source)
    assert [text for text in jinja_texts(source) if f'_("{text}")' not in seen] == []


@pytest.mark.django_db
def test_each_language_has_its_own_texts() -> None:
    found = {}
    for language in ("ar", "en", "ar"):
        with translation.override(language):
            found[language] = drawn("hits.html", hits=[hit("x")], before=0, state="", selected=[])
    assert "Select<" in found["en"]
    assert "Select<" not in found["ar"]
    assert "اختر<" in found["ar"]


def test_the_words_of_a_close_hit_are_escaped() -> None:
    changes = tuple(TermChange(kind, HOSTILE, HOSTILE) for kind in ("left_out", "corrected", "apart"))
    page = drawn("hits.html", hits=[replace(hit("x"), changes=changes)], before=0, state="", selected=[])
    assert "<script" not in page
    assert page.count(ESCAPED) == 4, "a word that is lacking, two of a correction, one of a phrase"
