"""Choice of names among GeoNames' alternates, and the context that names of villages need.

Used by build_gazetteer.
"""

from __future__ import annotations

import re
from typing import Any

from arabic.morphology.lemmatizer import morph_analyses
from arabic.tables.gazetteer import ARAB_COUNTRIES, name_key

City = dict[str, Any]
#: Arabic letters only: no Farsi, Urdu, Kurdish or Uighur ones (ئا at the start is Uighur).
PURE_ARABIC = re.compile(r"(?!ئ)[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u0652 ]+")
MARKS = re.compile("[\u064b-\u0652]")
#: Names of housing projects, crossings and district centres, which news does not use.
NOT_NAMES = re.compile(
    r"(?:مساكن|جمعية|مجمع|مركز|ناحية|مثلث|مزارع|مخفر|حي|مقبرة|محطة|مشروع|منتجع|شركة|قاعدة|مطار|عزبة|كمب) .*"
    r"|(?:\S+ ){3,}\S+"
)
MIN_MINOR_LETTERS = 4
#: First words of names that only places have.
_PLACE_NOUNS = frozenset(map(name_key, ("كفر", "دير", "خربة", "سيلة", "قراوة", "عصيرة", "مجدل")))


def skeleton(name: str) -> str:
    """Return the part that transcriptions of a foreign name share: consonants, with ج غ ق ك made equal."""
    key = name_key(name).replace(" ", "").removeprefix("ال")
    for letters, one in (("اويهء", ""), ("جغقك", "ك"), ("طت", "ت"), ("سصز", "س"), ("فو", "ف"), ("بپ", "ب")):
        key = re.sub(f"[{letters}]", one, key)
    return key


def _looks(name: str, country: str) -> tuple[int, str]:
    """Return a sort key that puts the spelling most likely in Arab newspapers first."""
    faults = 0
    if country in ARAB_COUNTRIES:
        faults -= 2 * name.startswith("ال")
    faults -= name.endswith("ة") or "أ" in name or "إ" in name
    faults += 2 * bool(re.search("ى(?: |$)|[ءئؤ]و|اا|لل", name)) + name.count("ج")
    faults += 3 * name.startswith(("محافظة", "مدينة", "ولاية", "إمارة", "ناحية", "خربة"))
    return faults, name


def arabic_names(city: City) -> list[str]:
    """Return canonical name and aliases of a GeoNames city without a correction; [] if none is Arabic."""
    pure = {MARKS.sub("", name) for name in city["alternatenames"] if PURE_ARABIC.fullmatch(name)}
    ranked = sorted(pure, key=lambda name: _looks(name, city["countrycode"]))
    if not ranked:
        return []
    first = ranked[0]
    alike = [
        name
        for name in ranked[1:]
        if skeleton(name) == skeleton(first)
        and name.startswith("ال") == first.startswith("ال")  # قطيفة is velvet, القطيفة a town
        and len(name_key(name)) > 3
    ]
    return [first, *alike]


def without_equal_keys(names: list[str]) -> list[str]:
    """Return one name per spelling; "مدينة حمص" is حمص after a common word, and not another name."""
    first_of_key: dict[str, str] = {}
    for name in names:
        if name.removeprefix("مدينة ") == name or name.removeprefix("مدينة ") not in names:
            first_of_key.setdefault(name_key(name), name)
    return list(first_of_key.values())


def minor_names(names: list[str]) -> list[str]:
    """Return those names of a village that a newspaper may use."""
    return [
        name for name in names if len(name_key(name)) >= MIN_MINOR_LETTERS and not NOT_NAMES.fullmatch(name)
    ]


def minor_needs(name: str) -> str:
    """Return the context that a village's name needs to count (see toponym_matcher.RequiredContext).

    A name that is a word, however rare, or looks like a person or family (أم سعد, القحطاني) needs a context;
    others need at least a preposition that no verb precedes; names of two words that only places have (كفر,
    دير) need nothing.
    """
    first, *rest = name_key(name).split(" ")
    if first in _PLACE_NOUNS and rest:
        return ""
    if rest:
        return "context" if all(map(morph_analyses, (first, *rest))) else "lead"
    is_noun = any(reading.kind != "V" for reading in morph_analyses(first))
    return "context" if is_noun or name.endswith("ي") else "lead"
