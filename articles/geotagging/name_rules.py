"""Spans of text that name a place, and the rules of Place rows for tagging beyond the gazetteer.

Librarians may add names to a place, mark names that only count next to a title ("city of"), and exclude a
place from tagging.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from arabic.places.name_finder import NameFinder, NameOccurrence, has_place_title
from arabic.tables.gazetteer import GazetteerEntry, gazetteer, name_key
from articles.models import MergedPlace, Place
from articles.text.document import Document, DocumentField

#: Maximum number of mentions stored per place and field; a very long text would have thousands.
MAX_SPANS_PER_PLACE = 50


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place and the span that names it; without offsets if the file's metadata names it.

    The place is a gazetteer entry, the id of a Place row, or a name that the gazetteer does not contain.
    """

    place: GazetteerEntry | str | int
    field: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""
    #: True if the text names an institution at the place.
    institution: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    """The rule of one place."""

    in_texts: bool
    never_alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """The tagging rules of an archive; `load` reads them in two queries."""

    finder: NameFinder = field(default_factory=lambda: NameFinder(()))
    #: Name that librarians added → id of the place.
    owners: Mapping[str, int] = field(default_factory=dict)
    #: By gazetteer key (also those of merged places) and by id.
    rules: Mapping[str | int, _Rule] = field(default_factory=dict)

    @classmethod
    def load(cls) -> PlaceRules:
        """Load the rules from the database. A name that two places have belongs to the older one."""
        merged: dict[int, list[str]] = defaultdict(list)
        for place, key in MergedPlace.objects.values_list("place", "key"):
            merged[place].append(key)
        owners: dict[str, int] = {}
        rules: dict[str | int, _Rule] = {}
        rows = Place.objects.order_by("pk").values_list(
            "pk", "key", "name", "aliases", "never_alone", "in_texts"
        )
        for pk, key, name, aliases, never_alone, in_texts in rows:
            if in_texts:
                for given in _added_names(gazetteer().by_key.get(key), name, aliases):
                    owners.setdefault(given, pk)
            if never_alone or not in_texts:
                rule = _Rule(in_texts, tuple(map(name_key, never_alone)))
                rules |= dict.fromkeys((pk, key, *merged[pk]), rule)
        return cls(NameFinder(owners), owners, rules)

    def apply(self, document: Document, spans: Iterable[PlaceSpan]) -> list[PlaceSpan]:
        """Return the tagger's spans filtered by the rules, with spans of the names that librarians added."""
        spans = list(spans)
        if not (self.rules or self.owners):
            return spans
        kept: list[PlaceSpan] = []
        for name, text in document.items():
            here = [span for span in spans if span.field == name and self._allows(span, text.text)]
            own = [span for span in self._added_spans(name, text) if not _is_inside(span, here)]
            kept += sorted(
                [*(span for span in here if not _is_covered(span, own)), *own],
                key=lambda span: (span.start or 0, span.end or 0),
            )
        return kept + [span for span in spans if span.start is None]

    def _allows(self, span: PlaceSpan, text: str) -> bool:
        rule = self.rules.get(span.place.key) if isinstance(span.place, GazetteerEntry) else None
        if rule is None or span.start is None or span.end is None:
            return True
        alone = matches_any_name(text[span.start : span.end], rule.never_alone)
        return rule.in_texts and (not alone or has_place_title(text, span.start))

    def _added_spans(self, name: str, text: DocumentField) -> list[PlaceSpan]:
        counted: Counter[int] = Counter()
        found = []
        for each in self.finder.find(text.words) if self.finder else ():  # no names, no words wanted
            place = self.owners[each.key]
            rule = self.rules.get(place)
            if rule and each.key in rule.never_alone and not has_place_title(text.text, each.start):
                continue
            counted[place] += 1
            if counted[place] <= MAX_SPANS_PER_PLACE:
                found.append(build_place_span(place, name, each))
        return found


def build_place_span(place: int, name: str, found: NameOccurrence) -> PlaceSpan:
    """Return a name found in a field as a PlaceSpan."""
    return PlaceSpan(place, name, found.start, found.end, found.evidence)


def matches_any_name(written: str, keys: Collection[str]) -> bool:
    """Return True if the written form is one of these names (`name_key`s).

    It may be written as one word, or with the article contracted to لل.
    """
    key = name_key(written).replace(" ", "")
    readings = {key, f"ال{key[1:]}"} if key.startswith("ل") else {key}
    return any(name.replace(" ", "") in readings for name in keys)


def _added_names(entry: GazetteerEntry | None, name: str, aliases: Iterable[str]) -> set[str]:
    """Return the names of a row that its gazetteer entry does not have."""
    if entry and name == entry.name and list(aliases) == list(entry.aliases):
        return set()
    known = (entry.name, entry.slug, *entry.aliases, *entry.weak_aliases) if entry else ()
    return {key for key in map(name_key, (name, *aliases)) if key} - set(map(name_key, known))


def _is_inside(own: PlaceSpan, others: Iterable[PlaceSpan]) -> bool:
    """Return True if the span lies in a longer one of the tagger, like دمشق in ريف دمشق."""
    return any(
        other.start is not None
        and other.end is not None
        and other.start < (own.end or 0)
        and (own.start or 0) < other.end
        and (other.start < (own.start or 0) or (own.end or 0) < other.end)
        for other in others
    )


def _is_covered(span: PlaceSpan, own: Iterable[PlaceSpan]) -> bool:
    return any((each.start or 0) <= (span.start or 0) and (span.end or 0) <= (each.end or 0) for each in own)
