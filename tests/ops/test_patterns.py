"""No regular expression of the project takes more than linear time, whatever the text."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.ops import pumped_patterns
from tests.ops.pumped_patterns import PROJECT, find_slow_text, project_patterns

#: For all patterns together; a pattern that holds the interpreter is ended from outside.
PROCESS_SECONDS = 240


def in_a_process(work: Callable[[Any], None]) -> dict[str, str]:
    """Return what `work` puts into a dictionary in a process of its own, which is ended after a time."""
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        found = manager.dict()
        process = context.Process(target=work, args=[found])
        process.start()
        process.join(PROCESS_SECONDS)
        hangs = process.is_alive()
        process.kill()
        process.join()
        return dict(found) | ({"the process": "was ended"} if hangs or process.exitcode == 1 else {})


def test_no_pattern_of_the_project_is_worse_than_linear() -> None:
    patterns = project_patterns()
    assert len(patterns) > 150

    def work(found: Any) -> None:
        for place, (pattern, methods) in patterns.items():
            found[place] = "no end"
            found[place] = find_slow_text(pattern, methods)

    assert {place: text for place, text in in_a_process(work).items() if text} == {}


def slow_text(pattern: str) -> str:
    """Return what `find_slow_text` says in a process of its own."""

    def work(found: Any) -> None:
        found["text"] = find_slow_text(re.compile(pattern, re.DOTALL), {"search"})

    return in_a_process(work).get("text", "")


@pytest.mark.parametrize("pattern", [r"(?:<!--.*?-->\s*)*<html", r"(?:a|b|ab)*c"])
def test_the_test_finds_patterns_of_exponential_time(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumped_patterns, "HANG_SECONDS", 1.5)  # they have no end in any time
    assert slow_text(pattern).startswith("no end")


@pytest.mark.parametrize("pattern", [r"\s*\n\s*", r"<[a-z][^>]*>", r"[ \t]+$"])
def test_the_test_finds_patterns_of_quadratic_time(pattern: str) -> None:
    # By the ratio of two times, and so only if WORST_RATIO is below that of quadratic time.
    assert " times: " in slow_text(pattern)


@pytest.mark.parametrize("pattern", [r"(?>a+)b?", r"\s*+x", r"<[^<>]{0,200}>", r"\w+"])
def test_the_test_passes_linear_patterns(pattern: str) -> None:
    assert find_slow_text(re.compile(pattern), {"match"}) == ""


def test_patterns_are_found_in_all_packages() -> None:
    places = " ".join(project_patterns())
    for part in (
        "arabic.",
        "articles.readers.web.html_page._HTML",
        "search.",
        "articles/text/page_title.py:",
    ):
        assert part in places
    assert (PROJECT / "arabic").is_dir()
