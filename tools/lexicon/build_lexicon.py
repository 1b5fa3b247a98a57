"""Build arabic/data/lexicon.marisa: every stem of the lemmas that news uses, normalized, with its lemmas.

A lemma is what the dictionary tells apart by vowels and part of speech (tools/lexicon/lemma_ids.py), and each
stem has the letters that normalization folds (بلدة, أعلى): both decide which word is meant.

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

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from math import log2
from pathlib import Path

import marisa_trie
import wordfreq
from farahidi.lexicon import load_list, load_map
from pyarabic import araby

from arabic.text.normalization import normalize, written_text
from tools.lexicon.lemma_ids import Lemma, LemmaIds
from tools.lexicon.more_nouns import add_adjectives, add_nouns, add_own, add_themselves
from tools.lexicon.stem_patterns import Filled, derived
from tools.lexicon.weighed_stems import UNATTESTED, VERB_KINDS, Stems, bare, keep, own_rows, unvowelled

OWN_MASDARS = Path(__file__).with_name("masdars.tsv")
TARGET = Path(__file__).resolve().parents[2] / "arabic" / "data" / "lexicon.marisa"
#: A lemma of a stem is kept if its weight is at least this share of the likeliest one of its class.
MIN_SHARE = 0.01
MAX_LEMMAS = 8
#: Added to the count of every vowelled stem: one that the corpora lack is rare, not impossible.
SMOOTHING = 0.5
LISTED_WORDS = 250_000
#: Function words and names that farahidi lists whole: as likely as a common word, or as a rare one.
FUNCTION_WEIGHT, NAME_WEIGHT = 1e-3, 2e-6
#: Parts of speech of farahidi's function words that are nouns and verbs as well (adverbs: سنة, شمال; غير, كل;
#: ساء, يدع); those of prepositions, adverbs and إن, and the classes of pronouns, which may follow only these.
INFLECTED_POS = frozenset(("1", "11", "14", "20", "26", "74", "75", "76"))
BEFORE_PRONOUNS, PRONOUNS = frozenset(("14", "20", "35", "39", "56", "68")), ("C2", "C3")
#: Weight of a plural in ات as that of a noun's own feminine, where the feminine is a lemma itself: محافظات is
#: the plural of محافظة, hardly of محافظ.
FEMININE_SHARE = 0.03
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
#: First letters of an imperfect.
IMPERFECT_LETTERS = "ايتن"


def main() -> None:
    """Write the table."""
    readings = [*derived("Nouns", "N"), *derived("Verbs", "V")]
    ids = LemmaIds()
    ids.add(lemma_weights(readings))
    stems = weigh(readings, ids)
    add_whole_words(stems, ids)
    add_nouns(stems, ids)
    add_own(stems, ids)
    add_themselves(stems, ids)
    add_adjectives(stems, ids)
    add_seats(stems)
    by_stem: dict[str, dict[tuple[str, str, str], float]] = defaultdict(dict)
    for (stem, kind), lemmas in stems.items():
        best = max(lemmas.values())
        likely = sorted(((-weight, lemma) for lemma, weight in lemmas.items() if weight >= best * MIN_SHARE))
        for weight, (lemma, written) in likely[:MAX_LEMMAS]:
            by_stem[stem][lemma, kind, written] = -weight
    entries = [
        (stem, kind.encode() + bytes([quantized(weight)]) + lemma.encode() + spelling(stem, written))
        for stem, lemmas in sorted(by_stem.items())
        for (lemma, kind, written), weight in sorted(lemmas.items())
    ]
    related = sorted({*masdars(readings, ids), *own_masdars(ids)})
    entries += [(verb, b"R\0" + noun.encode()) for verb, noun in related]
    entries += [(noun, b"R\0" + verb.encode()) for verb, noun in related]
    entries += [(lemma, b"O\0" + root.encode()) for lemma, root in origins(readings, ids)]
    trie = marisa_trie.BytesTrie(entries, order=marisa_trie.LABEL_ORDER)
    trie.save(str(TARGET))
    print(f"{len(by_stem)} stems, {len(entries)} readings, {len(ids)} lemmas, {TARGET.stat().st_size} bytes")


def quantized(weight: float) -> int:
    """Quantize a weight: 1.0 → 0, smaller weights upwards; 255 at most."""
    return min(255, max(0, round(-WEIGHT_STEPS * log2(weight))))


def spelling(stem: str, written: str) -> bytes:
    """Return where a written stem differs from the normalized one: a zero, then pairs of index and letter."""
    if len(stem) != len(written):  # a letter vanished before a hamza
        return b""
    differing = [(at, letter) for at, letter in enumerate(written) if letter != stem[at]]
    return b"\0" + "".join(f"{at:x}{letter}" for at, letter in differing).encode() if differing else b""


@cache
def attested_lemmas() -> dict[str, float]:
    """Return the share of each vowelled lemma in the corpora, without the function words.

    The corpora count "on" as the lemma of a verb written alike.
    """
    shares: dict[str, float] = load_map("DATA.MSA-LEMMA.ALL-train.map")
    particles = {
        each["lemma"]
        for each in load_list("DATA.NonDerived.Toolwords.Voweled.list")
        if each["pos"] not in INFLECTED_POS
    }
    return {lemma: share for lemma, share in shares.items() if lemma not in particles}


def lemma_weights(readings: Sequence[Filled]) -> dict[Lemma, float]:
    """Return the lemmas that the tables derive from roots, with their shares."""
    attested = attested_lemmas()
    return {
        Lemma(each.kind, bare(each.lemma), each.lemma): attested.get(each.lemma, 0.0) for each in readings
    }


def lemma_id(reading: Filled, ids: LemmaIds) -> str:
    """Return the id of the lemma of a stem."""
    return ids.of(Lemma(reading.kind, bare(reading.lemma), reading.lemma))


def masdars(readings: Sequence[Filled], ids: LemmaIds) -> list[tuple[str, str]]:
    """Return (verb, its verbal noun), as ids, of the derived forms that the corpora attest."""
    attested = attested_lemmas()
    by_pattern: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in readings:
        if each.lemma in attested:
            by_pattern[each.root, each.lemma_pattern].add(lemma_id(each, ids))
    return sorted(
        {
            (verb, noun)
            for (root, pattern), verbs in by_pattern.items()
            for masdar in MASDARS.get(pattern, ())
            for noun in by_pattern.get((root, masdar), ())
            for verb in verbs
            if verb != noun
        }
    )


def origins(readings: Sequence[Filled], ids: LemmaIds) -> list[tuple[str, str]]:
    """Return (id of a lemma, its root, normalized) of the lemmas that the corpora attest."""
    attested = attested_lemmas()
    return sorted(
        {(lemma_id(each, ids), normalize(each.root)) for each in readings if each.lemma in attested}
    )


def own_masdars(ids: LemmaIds) -> Iterator[tuple[str, str]]:
    """Yield (verb, its verbal noun), as ids, of our own table, for verbs whose nouns follow no pattern."""
    for verb, nouns in own_rows(OWN_MASDARS):
        for noun in map(normalize, nouns.split()):
            yield ids.plain_verb(normalize(verb)), ids.noun(noun)


def weigh(readings: Sequence[Filled], ids: LemmaIds) -> Stems:
    """Return the stems with P(lemma) * P(stem | lemma) of each lemma."""
    lemma_share = attested_lemmas()
    stem_count: dict[str, int] = load_map("DATA.MSA.SHA.STEM.map")
    listed = {normalize(word) for word in wordfreq.top_n_list("ar", LISTED_WORDS, wordlist="large")}
    of_lemma: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for each in readings:
        if each.lemma in lemma_share or bare(each.stem) in listed:
            of_lemma[each.kind, each.lemma][each.stem] = stem_count.get(each.stem, 0) + SMOOTHING
    weighed: Stems = defaultdict(lambda: defaultdict(float))
    for (kind, lemma), counts in of_lemma.items():
        total = sum(counts.values())
        share = lemma_share.get(lemma, UNATTESTED)
        letters = bare(lemma)
        own_id = ids.of(Lemma(kind, letters, lemma))
        has_feminine = kind == "N" and ids.is_attested_noun(letters + "ه")
        for stem, count in counts.items():
            of_stem = weighed[bare(stem), noun_kind(stem, lemma) if kind == "N" else verb_kind(stem, lemma)]
            lent = FEMININE_SHARE if has_feminine and bare(stem) == letters + "ات" else 1.0
            of_stem[own_id, unvowelled(stem)] += lent * share * count / total
    return weighed


def noun_kind(stem: str, lemma: str) -> str:
    """Return the kind of a stem of a noun, see `Stems`."""
    if araby.FATHATAN in stem:
        return "A"
    written, noun = unvowelled(stem), unvowelled(lemma)
    opened = noun[:-1] + "ت" if noun.endswith("ة") else noun
    return "C" if written in {noun + "و", noun + "ي", opened + "ا", opened + "ي"} else "N"


def verb_kind(stem: str, lemma: str) -> str:
    """Return the kind of a stem of a verb, see `Stems`."""
    letters, perfect = bare(stem), bare(lemma)
    return "W" if letters[0] not in IMPERFECT_LETTERS or letters[:2] == perfect[:2] else "V"


def add_whole_words(stems: Stems, ids: LemmaIds) -> None:
    """Add function words (T, I) and names (P) that the dictionary lists as they are."""
    voweled = load_list("DATA.NonDerived.Toolwords.Voweled.list")
    for word, numbers in load_map("DATA.NonDerived.Toolwords.Unvoweled.map").items():
        for number in numbers.split():
            entry = voweled[int(number) - 1]
            lemma = bare(entry["lemma"])
            takes = entry["pos"] in BEFORE_PRONOUNS and any(each in entry["encClass"] for each in PRONOUNS)
            kind = "T" if takes else "I"
            own_id = ids.any(lemma) if entry["pos"] in INFLECTED_POS else ids.particle(lemma)
            stems[normalize(word), kind][own_id, written_text(word)] = FUNCTION_WEIGHT
    names = load_list("DATA.NonDerived.Propernoun.Voweled.list")
    lemma_share: dict[str, float] = load_map("DATA.MSA-LEMMA.ALL-train.map")
    for word, numbers in load_map("DATA.NonDerived.Propernoun.Unvoweled.map").items():
        for number in numbers.split():
            if int(number) <= len(names):
                lemma = names[int(number) - 1]["lemma"]
                weight = max(NAME_WEIGHT, lemma_share.get(lemma, 0.0) / 4)
                keep(stems, "P", ids.noun(bare(lemma)), written_text(word), weight)


def add_seats(stems: Stems) -> None:
    """Add plural verbs whose hamza many papers leave on alif: قرأوا for قرؤوا, يبدأون for يبدؤون."""
    for (stem, kind), found in list(stems.items()):
        for ending in ("وا", "ون"):
            if kind in VERB_KINDS and stem.endswith("ء" + ending):
                for (lemma, written), weight in found.items():
                    keep(stems, kind, lemma, written[:-3] + "أ" + ending, weight)


if __name__ == "__main__":
    main()
