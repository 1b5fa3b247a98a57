"""The articles in JSON that is too large to be read at once: read part by part, and few titles are kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from articles.readers.content.json_stream import BLANK, SEPARATOR, JsonStream
from articles.readers.exports.json_shapes import find_articles, is_article, section_articles

#: Objects inside each other, of which each may be too large to be read at once.
_DEPTH = 4
#: Most titles at the beginning of a list that are kept until an article with a text follows, with their
#: characters, and the name under which the others are counted.
_MOST_TITLES, _MOST_TITLE_CHARACTERS = 1000, 4_000_000
_TITLES = "titles without text"
#: Stands for the value of an article that was chosen in an inner list.
_CHOSEN = object()


def iter_large(
    text: JsonStream, has_text: Callable[[object], bool], passed: Counter[str], depth: int = 0
) -> Iterator[str]:
    """Yield the articles of the next value as they are written; each of its parts may be too large.

    Titles without a text are counted in `passed`, unless `has_text` accepts them. Raises ValueError for a
    part that is too large and no object or list, or is damaged.
    """
    following = text.skip(BLANK)
    if following == "{" and depth < _DEPTH:
        for _key in text.iter_keys():
            try:
                written, value = text.read_value()
            except ValueError:
                if not text.is_too_long:
                    raise
                yield from iter_large(text, has_text, passed, depth + 1)
                continue
            if isinstance(value, list):
                yield from _with_text(_as_written(value), has_text, passed)
            elif inside := section_articles(value) if isinstance(value, dict) else []:
                yield from _with_text(_as_written(inside), has_text, passed)
            elif has_text(value):
                yield written
            elif isinstance(value, dict):
                yield from _with_text(_as_written(find_articles(value)), has_text, passed)
    elif following == "[" and depth < _DEPTH:
        yield from _with_text(_iter_list(text, has_text, passed, depth), has_text, passed)
    else:
        raise ValueError("value is too large")


def _iter_list(
    text: JsonStream, has_text: Callable[[object], bool], passed: Counter[str], depth: int
) -> Iterator[tuple[str, object]]:
    """Yield the values of a list, and of one that is too large the articles inside."""
    text.position += 1
    while (following := text.skip(SEPARATOR)) != "]":
        if not following:
            raise ValueError("list is not closed")
        try:
            yield text.read_value()
        except ValueError:
            if not text.is_too_long:
                raise
            for written in iter_large(text, has_text, passed, depth + 1):
                yield written, _CHOSEN
    text.position += 1


def _as_written(values: Iterable[object]) -> Iterator[tuple[str, object]]:
    return ((json.dumps(each, ensure_ascii=False), each) for each in values)


def _with_text(
    values: Iterable[tuple[str, object]], has_text: Callable[[object], bool], passed: Counter[str]
) -> Iterator[str]:
    """Yield the articles of a list as they are written; titles alone only beside articles with a text.

    A titled section is replaced by the articles in it.
    """
    titles: list[str] = []
    characters = 0
    is_list_of_articles = False
    for written, value in _without_sections(values):
        if value is _CHOSEN or has_text(value):
            yield from titles
            titles.clear()
            is_list_of_articles = True
            yield written
        elif not is_article(value):
            continue
        elif is_list_of_articles:
            yield written
        elif len(titles) < _MOST_TITLES and characters + len(written) <= _MOST_TITLE_CHARACTERS:
            titles.append(written)
            characters += len(written)
        else:
            passed[_TITLES] += 1
    if titles:
        passed[_TITLES] += len(titles)


def _without_sections(values: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    for written, value in values:
        inside = section_articles(value) if isinstance(value, dict) else []
        yield from _as_written(inside) if inside else ((written, value),)
