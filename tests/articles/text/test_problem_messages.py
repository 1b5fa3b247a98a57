"""What is said about problems is in the reader's language, but for the words of a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from articles.text.problem_messages import KINDS, describe, describe_isolated

_COUNTED = re.compile(r"""(?:passed|skipped)\["([^"]+)"\]""")


def test_every_kind_that_a_reader_counts_has_a_name() -> None:
    folder = Path(settings.BASE_DIR) / "articles" / "readers"
    counted = {kind for path in folder.rglob("*.py") for kind in _COUNTED.findall(path.read_text())}
    assert len(counted) > 10
    returned = {"redirect", "page of another namespace", "page without text", "poll", "service"}
    assert (counted | returned) - KINDS.keys() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_in_the_language_of_the_reader(kind: str) -> None:
    with override("ar"):
        said = describe_isolated("passed-over", f"{kind} 1,203")
        assert not re.search("[A-Za-z]", said)
        assert "1,203" in said
    with override("en"):
        assert f"{KINDS[kind]} 3" in describe("passed-over", f"{kind} 3")


def test_words_of_a_format_stay_as_they_are_and_keep_their_direction() -> None:
    with override("ar"):
        said = describe_isolated("warc-passed", "HTTP 404 2, front page 1, image/png 1,000")
    assert "\u2068HTTP 404 2\u2069، " in said
    assert "، \u2068image/png 1,000\u2069" in said
    assert describe("warc-passed", "HTTP 404 2").endswith("HTTP 404 2.")


def test_kinds_are_not_looked_for_in_other_details() -> None:
    with override("ar"):
        assert "draft 3" in describe("columns-unread", "draft 3")
