"""Nouns that farahidi lacks, from Arramooz and our own table, and forms of those that it has.

For build_lexicon.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import wordfreq

from arabic.text.normalization import normalize, normalize_written, written_text
from tools.lexicon.lemma_ids import LemmaIds
from tools.lexicon.weighed_stems import NOUN_KINDS, UNATTESTED, Stems, keep, own_rows, unvowelled

OWN = Path(__file__).with_name("added.tsv")
#: Weight of a noun that only Arramooz has, as a share of the frequency of its written form (the rest may be
#: another word written alike).
ARRAMOOZ_SHARE = 0.3
#: Weight of a plural that farahidi knows under another singular only, as a share of the singular's frequency.
PLURAL_SHARE = 0.1
#: Endings of the sound plurals and of the dual; the second ones before a pronoun or a second noun, and so
#: never behind the article.
MASCULINE_PLURAL, FEMININE_PLURAL = (("ون", "ين"), ("و", "ي")), ("ات",)
DUAL = (("ان", "ين"), ("ا", "ي"))
#: Weight of our own entries, where no dictionary has a heavier one.
OWN_WEIGHT = 1e-5
#: Adjectives in ي: letters, endings, and the weight of a form relative to the adjective itself.
MIN_ADJECTIVE, FORM_SHARE = 4, 0.01
ADJECTIVE_ENDINGS = {
    **dict.fromkeys(("ة", "ان", "ين", "ون", "ات", "تان", "تين"), "N"),
    **{"ا": "A", "و": "C", "ي": "C"},
}
#: Weight of a noun that its own table reads as a form of another one only, as a share of the likeliest
#: reading.
OWN_SHARE = 0.5


def add_nouns(stems: Stems, ids: LemmaIds) -> None:
    """Add nouns and plurals that farahidi lacks."""
    known = {stem for stem, kind in stems if kind in NOUN_KINDS}
    dictionary = sqlite3.connect(str(files("arramooz") / "data" / "arabicdictionary.sqlite"))
    columns = "unvocalized, broken_plural, single, number, masculin_plural, feminin_plural, dualable"
    for word, plurals, single, number, masculine, feminine, dual in dictionary.execute(
        f"select {columns} from nouns"  # noqa: S608  the columns are constants above
    ):
        lemma = unvowelled(word)
        if number == "جمع تكسير":
            singular = unvowelled(single or "")
            if " " in singular or len(singular) < 3:
                continue
            forms, lemma = {(lemma, "N")}, singular
        else:
            forms = {(lemma, "N"), *_inflected(lemma, masculine, feminine, dual)}
            for plural in (plurals or "").replace("،", ";").replace(",", ";").split(";"):
                forms.add((unvowelled(plural.strip().strip(":")), "N"))
        plural = number == "جمع تكسير"
        own_forms = {normalize_written(form) for form, _ in _inflected_of_all(lemma)}
        for written, kind in sorted(forms):
            form = normalize_written(written)
            if not form.isalpha() or len(form) < 3:
                continue
            if form not in known:
                share = frequency(form) * ARRAMOOZ_SHARE
            elif plural or form not in own_forms:
                # farahidi has the plural under another singular
                share = frequency(normalize_written(lemma)) * PLURAL_SHARE
            else:
                continue
            own_id = ids.noun(normalize_written(lemma))
            keep(stems, kind, own_id, written, max(share, UNATTESTED))


def add_own(stems: Stems, ids: LemmaIds) -> None:
    """Add the words of our own table, as likely as the likeliest reading of these stems as nouns."""
    for lemma, forms in own_rows(OWN):
        own_id = ids.noun(normalize(lemma))
        for written in map(written_text, forms.split()):
            form = normalize_written(written)
            keep(stems, "N", own_id, written, max(best_noun(stems, form), OWN_WEIGHT))


def best_noun(stems: Stems, form: str) -> float:
    """Return the weight of the likeliest reading of a stem as a noun, 0 if there is none."""
    return max(
        (weight for kind in NOUN_KINDS for weight in stems.get((form, kind), {}).values()), default=0.0
    )


def add_themselves(stems: Stems, ids: LemmaIds) -> None:
    """Make each noun that is the lemma of its plural a lemma of itself too.

    farahidi reads دقيقة as the feminine of دقيق only, and دقائق as the plural of دقيقة.
    """
    for lemma, letters in noun_lemmas(stems, ids):
        feminine = letters.endswith("ة")
        for written, kind in [(letters, "N"), *_inflected(letters, 0, feminine, feminine)]:
            form = normalize_written(written)
            if best := best_noun(stems, form):
                keep(stems, kind, lemma, written, best * OWN_SHARE)


def noun_lemmas(stems: Stems, ids: LemmaIds) -> list[tuple[str, str]]:
    """Return (id, letters as written) of the heaviest noun of each spelling."""
    found = {lemma for (_, kind), of in stems.items() if kind in NOUN_KINDS for lemma, _ in of}
    return sorted((lemma, ids.written(lemma)) for lemma in found if ids.noun(ids.letters(lemma)) == lemma)


def add_adjectives(stems: Stems, ids: LemmaIds) -> None:
    """Add all sound forms of an adjective in ي, also used of people (صحافيان), where no table has them."""
    for lemma, letters in noun_lemmas(stems, ids):
        own = stems.get((normalize_written(letters), "N"), {})
        weight = max((weight for (other, _), weight in own.items() if other == lemma), default=0.0)
        if letters.endswith("ي") and len(letters) >= MIN_ADJECTIVE and weight > UNATTESTED:
            for written, kind in ((letters + ending, kind) for ending, kind in ADJECTIVE_ENDINGS.items()):
                form = normalize_written(written)
                if not any((form, other) in stems for other in NOUN_KINDS):
                    stems[form, kind][lemma, written] = weight * FORM_SHARE


def frequency(word: str) -> float:
    """Return the frequency of a normalized word in running text, 0 to 1."""
    return float(wordfreq.word_frequency(word, "ar", wordlist="large"))


def _inflected_of_all(lemma: str) -> list[tuple[str, str]]:
    return [(lemma, "N"), *_inflected(lemma, 1, 1, 1)]


def _inflected(lemma: str, masculine: int, feminine: int, dual: int) -> Iterator[tuple[str, str]]:
    """Yield (written form, kind) of a noun as written."""
    opened = lemma[:-1] + "ت" if lemma.endswith("ة") else lemma
    for stem, endings in ((lemma, MASCULINE_PLURAL if masculine else ()), (opened, DUAL if dual else ())):
        for kind, of_kind in zip("NC", endings, strict=False):
            yield from ((stem + ending, kind) for ending in of_kind)
    yield from ((lemma.removesuffix("ة") + ending, "N") for ending in FEMININE_PLURAL if feminine)
