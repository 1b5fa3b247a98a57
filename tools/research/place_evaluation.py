"""Evaluation of the place tagger on texts in which people have labelled the places.

A line of such a file is an object with `text`, `locations` (all labelled places) and `cities` (those that are
cities), each a list of substrings of the text. Tags and labels are compared by their surface forms:
normalized, without clitics, `#`, `_`, spaces and "city of". Repetitions in a text count once.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arabic.morphology.protected_words import clitic_readings
from arabic.places.geoparser import NON_CITY_KINDS, find_places
from arabic.tables.gazetteer import gazetteer
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms

_TITLES = frozenset(normalize(word) for word in ("مدينة", "بلدة"))
#: Links are not text; hashtags extend to the next space or punctuation mark.
_HASHTAG = re.compile(r"#\w+")


class BadLabelsError(ValueError):
    """The file has another format; the message says where."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with labelled places."""

    id: str
    text: str
    locations: tuple[str, ...]
    cities: tuple[str, ...]


@dataclass(slots=True)
class PlaceScore:
    """Counts over the texts with a labelled city, and over those without any location."""

    texts: int = 0  #: with a labelled city
    labels: int = 0
    labels_known: int = 0  #: those of them whose name the gazetteer has
    right: int = 0  #: tags that cover a labelled city
    right_known: int = 0
    wrong: int = 0  #: tags that cover no label, outside hashtags and other labelled places
    empty_texts: int = 0  #: without any location
    empty_tags: int = 0  #: tags in these, outside hashtags
    empty_hashtags: int = 0  #: tags in these, inside hashtags
    errors: list[tuple[str, str, str]] = field(
        default_factory=list
    )  #: (missed | wrong | empty, surface, text)

    @property
    def precision(self) -> float:
        """Return the share of the judged tags that cover a label."""
        return _ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return the share of the labels that are tagged."""
        return _ratio(self.right, self.labels)

    @property
    def recall_known(self) -> float:
        """Return the recall over the labels whose name the gazetteer has."""
        return _ratio(self.right_known, self.labels_known)

    @property
    def false_per_hundred(self) -> float:
        """Return the number of tags per 100 texts without any location."""
        return 100 * _ratio(self.empty_tags, self.empty_texts)


#: Figure → (target, whether more is better).
TARGETS = {
    "precision": (0.80, True),
    "recall": (0.70, True),
    "recall_known": (0.85, True),
    "false_per_hundred": (5.0, False),
}


def metrics(found: PlaceScore) -> dict[str, float]:
    """Return the figures that have a target, and the counts they are computed from."""
    counts = (
        "texts",
        "labels",
        "labels_known",
        "right",
        "wrong",
        "empty_texts",
        "empty_tags",
        "empty_hashtags",
    )
    return {name: round(getattr(found, name), 4) for name in (*TARGETS, *counts)}


def targets_met(found: PlaceScore) -> dict[str, bool]:
    """Return for each figure with a target whether it is reached."""
    told = metrics(found)
    return {name: told[name] >= bar if more else told[name] <= bar for name, (bar, more) in TARGETS.items()}


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def read_labelled_texts(path: Path) -> list[LabelledText]:
    """Read a file of labelled texts. Raises BadLabelsError."""
    found = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabelsError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found.append(_labelled(line, f"{path}, line {number}"))
    return found


def _labelled(line: str, where: str) -> LabelledText:
    try:
        row: Mapping[str, Any] = json.loads(line)
        locations, cities = ([str(label) for label in row[name]] for name in ("locations", "cities"))
        return LabelledText(str(row.get("id", "")), str(row["text"]), tuple(locations), tuple(cities))
    except (ValueError, KeyError, TypeError) as error:
        raise BadLabelsError(f"{where}: needs text, locations and cities ({error})") from error


def split_halves(
    texts: Iterable[LabelledText], seed: int = 0
) -> tuple[list[LabelledText], list[LabelledText]]:
    """Split into two random halves, the same for the same seed: one for study, one for confirmation."""
    mixed = list(texts)
    random.Random(seed).shuffle(mixed)  # noqa: S311  a sample, no secret
    return mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]


def surface_variants(written: str) -> frozenset[str]:
    """Return the compared forms of a label or tag.

    They are its letters, with and without clitics on the first word and the word for town before it.
    """
    words = normalized_terms(written)
    forms: set[str] = set()
    while words:
        forms |= {reading + "".join(words[1:]) for reading in clitic_readings(words[0])}
        if not any(reading in _TITLES for reading in clitic_readings(words[0])):
            break
        words = words[1:]
    return frozenset(forms)


def evaluate(texts: Iterable[LabelledText]) -> PlaceScore:
    """Return the figures and errors over `texts`."""
    total = PlaceScore()
    for labelled in texts:
        if labelled.cities:
            _score_cities(labelled, total)
        elif not labelled.locations:
            _score_empty(labelled, total)
    return total


@dataclass(frozen=True, slots=True)
class _Tag:
    surface: str
    forms: frozenset[str]
    excused: bool  # inside a hashtag or a labelled location: it is not counted


def _tags(labelled: LabelledText) -> list[_Tag]:
    """Return the tagged cities, each surface form once; it is excused only if every occurrence is."""
    hashtags = [match.span() for match in _HASHTAG.finditer(labelled.text)]
    places = [span for label in labelled.locations for span in _label_spans(labelled.text, label)]
    found: dict[str, _Tag] = {}
    for tag in find_places(labelled.text):
        if tag.entry.kind in NON_CITY_KINDS:
            continue
        surface = labelled.text[tag.start : tag.end]
        inside = any(start <= tag.start and tag.end <= end for start, end in (*hashtags, *places))
        key = "".join(normalized_terms(surface))
        if key in found:
            inside = inside and found[key].excused
        found[key] = _Tag(surface, surface_variants(surface), inside)
    return list(found.values())


def _label_spans(text: str, label: str) -> Iterator[tuple[int, int]]:
    start = text.find(label) if label else -1
    while start >= 0:
        yield start, start + len(label)
        start = text.find(label, start + 1)


def _score_cities(labelled: LabelledText, total: PlaceScore) -> None:
    total.texts += 1
    tags = _tags(labelled)
    covered: set[int] = set()
    for label in {"".join(normalized_terms(label)): label for label in labelled.cities}.values():
        forms = surface_variants(label)
        known = any(gazetteer().by_name_key(form) for form in (*forms, *_name_keys(label)))
        matching = {at for at, tag in enumerate(tags) if tag.forms & forms}
        covered |= matching
        total.labels += 1
        total.labels_known += known
        total.right += bool(matching)
        total.right_known += bool(matching) and known
        if not matching:
            total.errors.append(("missed" if known else "unknown", label, labelled.text))
    for at, tag in enumerate(tags):
        if at not in covered and not tag.excused:
            total.wrong += 1
            total.errors.append(("wrong", tag.surface, labelled.text))


def _name_keys(label: str) -> Iterator[str]:
    """Yield the label as multi-word names are looked up, with and without clitics and the word for town."""
    words = normalized_terms(label)
    for first in range(len(words)):
        yield from (" ".join((reading, *words[first + 1 :])) for reading in clitic_readings(words[first]))
        if words[first] not in _TITLES:
            break


def _score_empty(labelled: LabelledText, total: PlaceScore) -> None:
    total.empty_texts += 1
    for tag in _tags(labelled):
        if tag.excused:
            total.empty_hashtags += 1
        else:
            total.empty_tags += 1
        total.errors.append(("false in hashtag" if tag.excused else "false", tag.surface, labelled.text))
