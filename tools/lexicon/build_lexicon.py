"""Build arabic/data/lexicon.marisa: every stem of the lemmas that news uses, normalized, with its lemmas.

    pip install farahidi==0.4.0 wordfreq==3.1.1 arramooz-pysqlite==0.4.2
    python -m tools.lexicon.build_lexicon

farahidi carries the tables of AlKhalil Morpho Sys 2 (Oujda NLP Team, GPL-3.0): roots, the patterns of stems
and lemmas that each root fills, and the frequency of each lemma and each vowelled stem in its training
corpora. Filling all patterns with all roots once (6.5 million pairs, half a minute) turns analysis, which
takes farahidi 1.5 ms per word, into a lookup. What it lacks (برميل، بنوك) comes from Arramooz (Taha Zerrouki,
GPL), a dictionary of nouns with their broken plurals, and from tools/lexicon/added.tsv.
docs/decisions/0008-lemmas.md explains the comparison and the choice.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from math import log2
from pathlib import Path

import marisa_trie
import wordfreq
from farahidi import normalize as farahidi_normalize
from farahidi.lexicon import load_list, load_map

from arabic.text.normalization import normalize
from tools.lexicon.stem_patterns import Filled, derived

OWN = Path(__file__).resolve().parent / "added.tsv"
OWN_MASDARS = OWN.with_name("masdars.tsv")
TARGET = Path(__file__).resolve().parents[2] / "arabic" / "data" / "lexicon.marisa"
#: A lemma of a stem is kept if its weight is at least this share of the likeliest one of its class.
MIN_SHARE = 0.01
MAX_LEMMAS = 6
#: Added to the count of every vowelled stem: one that the corpora lack is rare, not impossible.
SMOOTHING = 0.5
#: Weight of a lemma that no corpus attests; its stems count only if they are among the listed words.
UNATTESTED = 1e-9
LISTED_WORDS = 250_000
#: Function words and names that farahidi lists whole: as likely as a common word, or as a rare one.
FUNCTION_WEIGHT, NAME_WEIGHT = 1e-3, 2e-6
#: Weight of a noun that only Arramooz has, as a share of the frequency of its written form (the rest may be
#: another word written alike).
ARRAMOOZ_SHARE = 0.3
#: Weight of a plural that farahidi knows under another singular only, as a share of the singular's frequency.
PLURAL_SHARE = 0.1
#: Endings of the sound plurals and of the dual, also before a pronoun or a second noun.
MASCULINE_PLURAL, FEMININE_PLURAL = ("ون", "ين", "و", "ي"), ("ات",)
DUAL = ("ان", "ين", "ا", "ي")
#: Weight of our own entries, where no dictionary has a heavier one.
OWN_WEIGHT = 1e-5
#: Adjectives in ي: letters, endings, and the weight of a form relative to the adjective itself.
MIN_ADJECTIVE, FORM_SHARE = 4, 0.01
ADJECTIVE_ENDINGS = ("ا", "ه", "ان", "ين", "ون", "ات", "تان", "تين", "و", "ي")
#: Weight of a noun that its own table reads as a form of another one only, as a share of the likeliest
#: reading.
OWN_SHARE = 0.5
#: Weights are stored as a byte: 8 * log2, downwards from 1.
WEIGHT_STEPS = 8

#: The verbal noun of each derived form of the verb, by the canonical patterns of their lemmas.
MASDARS = {
    "فَعَّلَ": ("تَفْعِيل", "تَفْعِلَة"),
    "فَاعَلَ": ("مُفَاعَلَة", "فِعَال"),
    "أَفْعَلَ": ("إِفْعَال", "إِفْعَالَة"),
    "تَفَعَّلَ": ("تَفَعُّل",),
    "تَفَاعَلَ": ("تَفَاعُل",),
    "انْفَعَلَ": ("انْفِعَال",),
    "افْتَعَلَ": ("افْتِعَال",),
    "اسْتَفْعَلَ": ("اسْتِفْعَال", "اسْتِفْعَالَة"),
}
Stems = dict[tuple[str, str], dict[str, float]]


def main() -> None:
    """Write the table."""
    readings = [*derived("Nouns", "N"), *derived("Verbs", "V")]
    stems = weigh(readings)
    add_whole_words(stems)
    add_nouns(stems)
    add_own(stems)
    add_themselves(stems)
    add_adjectives(stems)
    add_seats(stems)
    by_stem: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for (stem, kind), lemmas in stems.items():
        best = max(lemmas.values())
        likely = sorted(((-weight, lemma) for lemma, weight in lemmas.items() if weight >= best * MIN_SHARE))
        for weight, lemma in likely[:MAX_LEMMAS]:
            by_stem[stem][lemma, kind] = -weight
    entries = [
        (stem, kind.encode() + bytes([quantized(weight)]) + lemma.encode())
        for stem, lemmas in sorted(by_stem.items())
        for (lemma, kind), weight in sorted(lemmas.items())
    ]
    related = sorted({*masdars(readings), *own_masdars()})
    entries += [(verb, b"R\0" + noun.encode()) for verb, noun in related]
    entries += [(noun, b"R\0" + verb.encode()) for verb, noun in related]
    entries += [(lemma, b"O\0" + root.encode()) for lemma, root in origins(readings)]
    trie = marisa_trie.BytesTrie(entries, order=marisa_trie.LABEL_ORDER)
    trie.save(str(TARGET))
    print(f"{len(by_stem)} stems, {len(entries)} readings, {TARGET.stat().st_size} bytes")


def quantized(weight: float) -> int:
    """Quantize a weight: 1.0 → 0, smaller weights upwards; 255 at most."""
    return min(255, max(0, round(-WEIGHT_STEPS * log2(weight))))


def bare(word: str) -> str:
    """Return the word normalized, without vowels."""
    return normalize(farahidi_normalize.remove_all_diacritics(word))


def masdars(readings: Sequence[Filled]) -> list[tuple[str, str]]:
    """Return (verb, its verbal noun), normalized, of the derived forms that the corpora attest."""
    attested = load_map("DATA.MSA-LEMMA.ALL-train.map")
    by_pattern: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in readings:
        if each.lemma in attested:
            by_pattern[each.root, each.lemma_pattern].add(bare(each.lemma))
    pairs = {
        (verb, noun)
        for (root, pattern), verbs in by_pattern.items()
        for masdar in MASDARS.get(pattern, ())
        for noun in by_pattern.get((root, masdar), ())
        for verb in verbs
        if verb != noun
    }
    return sorted(pairs)


def origins(readings: Sequence[Filled]) -> list[tuple[str, str]]:
    """Return (lemma, its root), both normalized, of the lemmas that the corpora attest."""
    attested = load_map("DATA.MSA-LEMMA.ALL-train.map")
    return sorted({(bare(each.lemma), normalize(each.root)) for each in readings if each.lemma in attested})


def own_masdars() -> Iterator[tuple[str, str]]:
    """Yield (verb, its verbal noun) of our own table, for verbs whose nouns follow no pattern."""
    for verb, nouns in own_rows(OWN_MASDARS):
        yield from (
            (normalize(verb), noun) for noun in map(normalize, nouns.split()) if noun != normalize(verb)
        )


def own_rows(table: Path) -> Iterator[tuple[str, str]]:
    """Yield the two columns of one of our tables, without comments and column names."""
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        first, second = line.split("\t")
        yield first, second


def weigh(readings: Sequence[Filled]) -> Stems:
    """Return {(normalized stem, kind): {normalized lemma: P(lemma) * P(stem | lemma)}}."""
    lemma_share: dict[str, float] = load_map("DATA.MSA-LEMMA.ALL-train.map")
    stem_count: dict[str, int] = load_map("DATA.MSA.SHA.STEM.map")
    listed = {normalize(word) for word in wordfreq.top_n_list("ar", LISTED_WORDS, wordlist="large")}
    of_lemma: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    plain: dict[str, str] = {}
    for each in readings:
        written = bare(each.stem)
        if each.lemma in lemma_share or written in listed:
            of_lemma[each.kind, each.lemma][each.stem] = stem_count.get(each.stem, 0) + SMOOTHING
            plain[each.stem] = written
    weighed: Stems = defaultdict(lambda: defaultdict(float))
    for (kind, lemma), counts in of_lemma.items():
        total = sum(counts.values())
        share = lemma_share.get(lemma, UNATTESTED)
        written = bare(lemma)
        for stem, count in counts.items():
            weighed[plain[stem], kind][written] += share * count / total
    return weighed


def add_whole_words(stems: Stems) -> None:
    """Add function words (T) and names (P) that the dictionary lists as they are."""
    voweled = load_list("DATA.NonDerived.Toolwords.Voweled.list")
    for word, ids in load_map("DATA.NonDerived.Toolwords.Unvoweled.map").items():
        for number in ids.split():
            lemma = farahidi_normalize.remove_all_diacritics(voweled[int(number) - 1]["lemma"])
            stems[normalize(word), "T"][normalize(lemma)] = FUNCTION_WEIGHT
    names = load_list("DATA.NonDerived.Propernoun.Voweled.list")
    lemma_share: dict[str, float] = load_map("DATA.MSA-LEMMA.ALL-train.map")
    for word, ids in load_map("DATA.NonDerived.Propernoun.Unvoweled.map").items():
        for number in ids.split():
            if int(number) <= len(names):
                lemma = names[int(number) - 1]["lemma"]
                written = bare(lemma)
                weight = max(NAME_WEIGHT, lemma_share.get(lemma, 0.0) / 4)
                known = stems[normalize(word), "P"]
                known[written] = max(known.get(written, 0.0), weight)


def add_nouns(stems: Stems) -> None:
    """Add nouns and plurals that farahidi lacks."""
    known = {stem for stem, kind in stems if kind == "N"}
    dictionary = sqlite3.connect(str(files("arramooz") / "data" / "arabicdictionary.sqlite"))
    columns = "unvocalized, broken_plural, single, number, masculin_plural, feminin_plural, dualable"
    for word, plurals, single, number, masculine, feminine, dual in dictionary.execute(
        f"select {columns} from nouns"  # noqa: S608  the columns are constants above
    ):
        lemma = bare(word)
        if number == "جمع تكسير":
            singular = bare(single or "")
            if " " in singular or len(singular) < 3:
                continue
            forms, lemma = {lemma}, singular
        else:
            forms = {lemma, *_inflected(lemma, masculine, feminine, dual)}
            for plural in (plurals or "").replace("،", ";").replace(",", ";").split(";"):
                forms.add(bare(plural.strip().strip(":")))
        plural = number == "جمع تكسير"
        for form in forms:
            if not form.isalpha() or len(form) < 3:
                continue
            if form not in known:
                share = frequency(form) * ARRAMOOZ_SHARE
            elif plural or form not in _inflected_of_all(lemma):
                share = frequency(lemma) * PLURAL_SHARE  # farahidi has the plural under another singular
            else:
                continue
            entry = stems[form, "N"]
            entry[lemma] = max(entry.get(lemma, 0.0), share, UNATTESTED)


def add_own(stems: Stems) -> None:
    """Add the words of our own table, replacing the dictionaries' readings of these stems as nouns."""
    for lemma, forms in own_rows(OWN):
        for form in map(normalize, forms.split()):
            best = max([*stems.get((form, "N"), {}).values(), OWN_WEIGHT])
            stems[form, "N"][normalize(lemma)] = best


def add_themselves(stems: Stems) -> None:
    """Make each noun that is the lemma of its plural a lemma of itself too.

    farahidi reads دقيقة as the feminine of دقيق only, and دقائق as the plural of دقيقة.
    """
    for lemma in {lemma for (_, kind), found in stems.items() if kind == "N" for lemma in found}:
        feminine = lemma.endswith("ه")
        for form in (lemma, *_inflected(lemma, 0, feminine, feminine)):
            entry = stems.get((form, "N"))
            if entry:
                entry[lemma] = max(entry.get(lemma, 0.0), max(entry.values()) * OWN_SHARE)


def add_adjectives(stems: Stems) -> None:
    """Add all sound forms of an adjective in ي, also used of people (صحافيان), where no table has them."""
    for lemma in {lemma for (_, kind), found in stems.items() if kind == "N" for lemma in found}:
        weight = stems.get((lemma, "N"), {}).get(lemma, 0.0)
        if lemma.endswith("ي") and len(lemma) >= MIN_ADJECTIVE and weight > UNATTESTED:
            for form in (lemma + ending for ending in ADJECTIVE_ENDINGS):
                if (form, "N") not in stems:
                    stems[form, "N"][lemma] = weight * FORM_SHARE


def add_seats(stems: Stems) -> None:
    """Add plural verbs whose hamza many papers leave on alif: قرأوا for قرؤوا, يبدأون for يبدؤون."""
    for (stem, kind), found in list(stems.items()):
        for ending in ("وا", "ون"):
            if kind == "V" and stem.endswith("ء" + ending):
                entry = stems[stem[:-3] + "ا" + ending, "V"]
                for lemma, weight in found.items():
                    entry[lemma] = max(entry.get(lemma, 0.0), weight)


def frequency(word: str) -> float:
    """Return the frequency of a normalized word in running text, 0 to 1."""
    return float(wordfreq.word_frequency(word, "ar", wordlist="large"))


def _inflected_of_all(lemma: str) -> set[str]:
    return {lemma, *_inflected(lemma, 1, 1, 1)}


def _inflected(lemma: str, masculine: int, feminine: int, dual: int) -> Iterator[str]:
    opened = lemma[:-1] + "ت" if lemma.endswith("ه") else lemma
    yield from (lemma + ending for ending in MASCULINE_PLURAL if masculine)
    yield from (lemma.removesuffix("ه") + ending for ending in FEMININE_PLURAL if feminine)
    yield from (opened + ending for ending in DUAL if dual)


if __name__ == "__main__":
    main()
