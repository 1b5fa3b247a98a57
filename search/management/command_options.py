"""Arguments shared by several commands, with their types, and the output of commands.

Commands write text for people, or with `--json` one object on standard output and nothing else.
"""

from __future__ import annotations

import json as jsonlib
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper

from search.engines import get_engine
from search.engines.contract import SearchEngine
from search.query.request import MAX_PAGE_NUMBER, MAX_PAGE_SIZE, UNDATED, normalize_date


class CommandFailedError(CommandError):
    """The command failed: exit code 1, the reason on standard error."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(f"{type(reason).__name__}: {reason}", returncode=1)


def add_json_option(parser: ArgumentParser) -> None:
    """Add the option `--json`."""
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def write_output(out: OutputWrapper, answer: Mapping[str, Any], text: str, *, json: bool) -> None:
    """Write the answer as JSON or as text, as requested."""
    out.write(jsonlib.dumps(answer, ensure_ascii=False) if json else text)


def add_engine_option(parser: ArgumentParser) -> None:
    """Add `--engine E`: a key of SEARCH_ENGINES; default: the archive's."""
    parser.add_argument("--engine", choices=sorted(settings.SEARCH_ENGINES), default=None)


def add_exclusion_options(parser: ArgumentParser) -> None:
    """Add `--not-place`, `--not-source` and `--not-date`, each repeatable."""
    parser.add_argument(
        "--not-place",
        type=text_argument,
        action="append",
        default=[],
        metavar="P",
        help="no article that mentions this city, governorate or country (governorate:N is only that); "
        "repeatable",
    )
    parser.add_argument(
        "--not-source", type=text_argument, action="append", default=[], metavar="S", help="repeatable"
    )
    parser.add_argument(
        "--not-date",
        type=excluded_date_argument,
        action="append",
        default=[],
        metavar="D",
        help="no article of this year, month or day; or undated; repeatable",
    )


def engine_from_options(options: Mapping[str, Any]) -> SearchEngine:
    """Return the engine that the option of `add_engine_option` names."""
    return get_engine(options["engine"])


def text_argument(text: str) -> str:
    """Return text of the command line, in which undecodable bytes become U+FFFD, which occurs in no name."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def date_argument(text: str) -> str:
    """Check a date given as YYYY, YYYY-MM or YYYY-MM-DD."""
    value = normalize_date(text)
    if value is None:
        raise ArgumentTypeError(f"{text!r} is not a date; write 2012, 2012-05 or 2012-05-24")
    return value


def excluded_date_argument(text: str) -> str:
    """Check a date as `date_argument` does, or "undated"."""
    return UNDATED if text == UNDATED else date_argument(text)


def page_size_argument(text: str) -> int:
    """Parse a page size, from 1 to MAX_PAGE_SIZE."""
    return _between(text, MAX_PAGE_SIZE)


def page_number_argument(text: str) -> int:
    """Parse a page number, from 1 to MAX_PAGE_NUMBER."""
    return _between(text, MAX_PAGE_NUMBER)


def _between(text: str, highest: int) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:20]) <= highest:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to {highest}")
    return int(text)
