"""The lexicon: stem → lemmas, with the letters of the stem as written.

tools/lexicon/build_lexicon.py makes `data/lexicon.marisa` from the tables of AlKhalil Morpho Sys 2. A lemma
is an id: its normalized letters and, unless it is the likeliest lemma of these letters, a Latin letter. What
the dictionary tells apart by vowels or part of speech has different ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

import marisa_trie  # type: ignore[import-not-found]  # a compiled module, it ships no types

from arabic.tables.gazetteer import DATA, name_key, read_table
from arabic.text.tokenizer import normalized_term, parallel_terms
from arabic.vocabulary.frequencies import probability

#: Kinds of stem: noun, verb, function word, name. (R relates two lemmas, O is the root of one.)
_RELATED, _ROOT = "R", "O"
_ROOT_KIND = _ROOT.encode()
_WORDS, _NOMINAL = frozenset("NPVT"), frozenset("NP")
#: Kinds of the table → (kind, whether the article may precede, whether the future س may, whether a pronoun
#: may follow): nouns before a second noun or a pronoun, indefinite accusatives; verbs, imperfect or not;
#: function words without a pronoun.
_TABLE_KINDS: dict[str, tuple[str, bool, bool, bool]] = {
    "N": ("N", True, False, True), "C": ("N", False, False, True), "A": ("N", False, False, False),
    "V": ("V", False, True, True), "W": ("V", False, False, True),
    "P": ("P", True, False, True), "T": ("T", False, False, True), "I": ("T", False, False, False),
    _RELATED: (_RELATED, False, False, False), _ROOT: (_ROOT, False, False, False),
}  # fmt: skip
#: Weights in the table are bytes: -8 * log2 of the weight.
_STEP = 2 ** (-1 / 8)
_WEIGHTS = [_STEP**byte for byte in range(256)]
#: (letter in a text, letter of the dictionary) → weight: which letters writers write for others.
_WRITTEN_FOR: dict[tuple[str, str], float] = {
    **dict.fromkeys([("ا", "أ"), ("ا", "إ"), ("ا", "آ")], 0.5),  # left out by many writers
    **dict.fromkeys([("أ", "ا"), ("إ", "ا"), ("أ", "إ"), ("أ", "آ")], 0.05),
    **dict.fromkeys([("إ", "أ"), ("آ", "أ")], 0.005),  # who writes the rarer letter means it
    ("ه", "ة"): 0.3,
    ("ة", "ه"): 1e-5,  # above all the pronoun
    **dict.fromkeys([("ى", "ي"), ("ي", "ى")], 0.1),  # Egyptian papers
}
_UNUSUAL = 0.01
#: More for أ within a word that the dictionary writes without: writers add it to first letters only.
_INNER_HAMZA = 0.01
_HAMZA_OR_MADDA = ("أ", "آ")  # المأسي is carelessly written for المآسي
#: More for ي where the dictionary has the ى of a verb: رأي is "opinion".
_YEH_OF_VERB, _SHORT_VERB = 0.5, 3
#: The lexicon calls the tens names, but they stand behind "and" more often than alone.
TENS = frozenset(
    map(normalized_term, ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"))
)
#: Weights of forms that news hardly has, beside other words of the same letters: first persons of an
#: imperfect, commands that are shorter than the verb, and imperfects that only a particle makes so short.
_FIRST_PERSON = {"ا": 0.1, "ن": 0.3}
_IMPERATIVE, _JUSSIVE, _HOLLOW_PASSIVE, _HOLLOW_PERFECT = 0.002, 0.2, 0.02, 0.2
#: Endings of I, you and we in the perfect.
_SPEAKERS = ("ت", "نا", "تم")
_SAID = "قيل"
#: Begins the passive of واصل and the like, and far more often "and" before وصل.
_PASSIVE_OR_AND, _PASSIVE_AFTER_AND = "وو", 0.02
_IMPERFECT_LETTERS = frozenset("اتين")
#: Ends the lemma of a person's name: the ids of the lexicon do not go as far.
_PERSON = "z"
_MAY_TAKE_TANWEEN = ("ا", "ة", "ى", "ء")
#: The least weight of a form of further_forms.tsv: that of a word which is met now and then.
_LISTED_FORM = 1e-6
_CACHE_SIZE = 10_000
#: Nearly all lemmas that news has.
_CACHED_LEMMAS = 40_000


class Stem(NamedTuple):
    """A stem of the lexicon with one of its lemmas."""

    lemma: str
    kind: str
    weight: float  #: P(lemma) * P(stem | lemma)
    written: str
    takes_article: bool
    takes_future: bool
    takes_pronoun: bool

    @property
    def takes_tanween(self) -> bool:
        """True if the stem may have the tanween of an accusative."""
        return self.kind != "V" and self.written.endswith(_MAY_TAKE_TANWEEN)


@cache
def _table() -> marisa_trie.BytesTrie:
    """Return the lexicon, memory-mapped."""
    return marisa_trie.BytesTrie().mmap(str(DATA / "lexicon.marisa"))


@lru_cache(_CACHE_SIZE)
def stem_entries(stem: str) -> tuple[Stem, ...]:
    """Return the entries of a normalized stem."""
    found, further = _table().get(stem), _further_forms().get(stem, ())
    if not found and not further:  # most of what is left of a word
        return ()
    entries = [_read(stem, value) for value in found or ()]
    if judged := _judged_forms().get(stem):
        lemmas = [(entry, _judged_lemma(entry, judged)) for entry in entries]
        entries = [entry._replace(lemma=lemma) for entry, lemma in lemmas if lemma]
    one = _same_lemmas()
    entries = [
        entry._replace(lemma=one[entry.lemma]) if entry.lemma in one and entry.kind in _NOMINAL else entry
        for entry in entries
    ]
    for lemma, written in further:
        weight = max((entry.weight for entry in entries if entry.kind == "N"), default=0.0)
        if weight < _LISTED_FORM:
            weight = max(_LISTED_FORM, probability(stem))
        entries.append(Stem(lemma, "N", weight, written, True, False, True))
    return tuple(entries)


def _judged_lemma(entry: Stem, judged: Mapping[tuple[str, str], str]) -> str:
    """Return the lemma of an entry by what was judged of its stem, "" if it has none."""
    if entry.kind not in _WORDS:
        return entry.lemma
    of_all_kinds = judged.get((entry.lemma, ""), entry.lemma)
    return judged.get((entry.lemma, entry.kind), of_all_kinds)


@cache
def _judged_forms() -> dict[str, dict[tuple[str, str], str]]:
    """Map stems to the lemmas that they are no forms of, each with what takes its place, or "".

    They are those of not_forms.tsv, which may be judged for one kind of word only, and given names that are
    no other words: دينا is not دين. Such a name has a lemma of its own: خالد is not خالدة, "eternal".
    """
    found: dict[str, dict[tuple[str, str], str]] = {}
    for row in read_table("not_forms.tsv"):
        found.setdefault(row["form"], {})[row["lemma"], row["kind"]] = row["instead"]
    for row in read_table("given_names.tsv"):
        name = name_key(row["name"])
        if row["also"] != "word" and (lemmas := _word_lemmas(name)):
            others = {lemma for lemma in lemmas if lemma_letters(lemma) != name}
            judged = found.setdefault(name, {})
            instead = "" if others < lemmas else name
            judged.update({(other, ""): instead for other in others})
            if not row["also"]:
                judged.update({(lemma, ""): person_lemma(name) for lemma in lemmas - others})
    return found


@cache
def _further_forms() -> dict[str, list[tuple[str, str]]]:
    """Map stems to (lemma, stem as written) of the nouns of further_forms.tsv, which the lexicon lacks."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("further_forms.tsv"):
        (stem,), (written,) = parallel_terms(row["form"])
        found.setdefault(stem, []).append((row["lemma"], written))
    return found


@cache
def _same_lemmas() -> dict[str, str]:
    """Map lemmas of the lexicon to the one whose word they are: a participle without its ي, its feminine."""
    return {row["lemma"]: row["instead"] for row in read_table("same_lemmas.tsv")}


@cache
def foreign_names() -> frozenset[str]:
    """Return names of one word that are not Arabic, normalized; loanwords (أمريكية) are no names."""
    rows = [row["spellings"].split("|") for row in read_table("foreign_names.tsv") if row["kind"] == "name"]
    rows += [[row["name"]] for row in read_table("given_names.tsv") if row["origin"] == "foreign"]
    rows += [[row["name"]] for row in read_table("surnames.tsv")]
    return frozenset(name_key(name) for row in rows for name in row if " " not in name)


def person_lemma(name: str) -> str:
    """Return the lemma of a word as the name of a person; no other word has it."""
    return name + _PERSON


def _word_lemmas(stem: str) -> set[str]:
    """Return all lemmas of a stem as a word."""
    entries = (_read(stem, value) for value in _table().get(stem, ()))
    return {entry.lemma for entry in entries if entry.kind in _WORDS}


def _read(stem: str, value: bytes) -> Stem:
    """Decode an entry: kind, weight, lemma; after a zero, index and letter where the written stem differs."""
    kind, *takes = _TABLE_KINDS[chr(value[0])]
    lemma, _, differing = value[2:].decode().partition("\0")
    written = stem
    if differing:
        letters = list(stem)
        for at in range(0, len(differing), 2):
            letters[int(differing[at], 16)] = differing[at + 1]
        written = "".join(letters)
    weight = _WEIGHTS[value[1]]
    if kind == "V":
        weight *= _person_weight(stem, lemma, is_imperfect=takes[1])
    return Stem(lemma, kind, weight, written, *takes)


def _person_weight(stem: str, lemma: str, *, is_imperfect: bool) -> float:
    """Return the factor for the person or mood of a verb, where its letters tell: I, we, you in a command."""
    if stem.startswith(_PASSIVE_OR_AND):
        return _PASSIVE_AFTER_AND
    letters = lemma.rstrip(ascii_lowercase)
    if (
        stem[1:2] == "ي"
        and len(letters) == 3
        and stem[:3] == letters[0] + "ي" + letters[2]
        and letters[1] == "ا"
    ):
        return 1.0 if stem.startswith(_SAID) else _HOLLOW_PASSIVE  # قيدت is rather "was tied" than "was led"
    if not is_imperfect and _is_spoken_hollow_perfect(stem, letters):
        return _HOLLOW_PERFECT  # أجرت is rather "she carried out" than "I hired out"
    if stem[0] in _IMPERFECT_LETTERS:
        # What follows only لم: تسد is "blocks" rather than (لم) تسد, "did not prevail".
        mood = _JUSSIVE if len(letters) > 2 and _is_shortened(stem, letters) else 1.0
        return mood * _FIRST_PERSON.get(stem[0], 1.0) if is_imperfect else mood
    return _IMPERATIVE if len(stem) < len(letters) else 1.0  # زر is rather a button than "visit!"


def _is_spoken_hollow_perfect(stem: str, verb: str) -> bool:
    """Return True for the perfect of a hollow verb that lacks its long vowel: I, you or we did."""
    if len(verb) < 3 or verb[-2] != "ا":
        return False
    without_vowel = verb[:-2] + verb[-1]
    return stem.startswith(without_vowel) and stem[len(without_vowel) :] in _SPEAKERS


def _is_shortened(stem: str, verb: str) -> bool:
    """Return True if an imperfect lacks the long vowel that its verb has: تسد of ساد, تنم of نما."""
    last = stem[-1]
    if verb[-2] == "ا":
        return len(stem) > 2 and last == verb[-1] and stem[-2] == verb[-3]
    return verb[-1] in "اي" and last == verb[-2]


def lemma_letters(lemma: str) -> str:
    """Return the normalized letters of a lemma."""
    return lemma.rstrip(ascii_lowercase)


def related_lemmas(lemma: str) -> tuple[str, ...]:
    """Return the verbal nouns of a verb (انشق: انشقاق) or the verbs of a verbal noun, as lemmas."""
    return tuple(sorted({each.lemma for each in stem_entries(lemma) if each.kind == _RELATED}))


@lru_cache(_CACHED_LEMMAS)
def lemma_roots(lemma: str) -> tuple[str, ...]:
    """Return the roots of a lemma, normalized; () for anything else."""
    # Indexing asks for every lemma of every text: of its entries only these are decoded.
    found = _table().get(lemma)
    return tuple([_read(lemma, value).lemma for value in found if value[:1] == _ROOT_KIND]) if found else ()


def spelling_weight(letters: Iterable[tuple[str, str]]) -> float:
    """Return the product of the weights of pairs (letter in a text, letter of the dictionary)."""
    weight = 1.0
    for pair in letters:
        if pair[0] != pair[1]:
            weight *= _WRITTEN_FOR.get(pair, _UNUSUAL)
    return weight


def meant_letters_weight(written: str, spelled: str, kind: str) -> float:
    """Return the factor for letters of a text that are another word's rather than carelessly written.

    These are أ within, where the dictionary has none (هنأ is not هنا), and ي for the ى of a short verb:
    Egyptian papers write أتمني and يبقي.
    """
    is_short = kind == "V" and len(written) <= _SHORT_VERB
    weight = _YEH_OF_VERB if is_short and written[-1:] == "ي" and spelled[-1:] == "ى" else 1.0
    if "أ" in written[1:]:
        pairs = zip(written[1:], spelled[1:], strict=False)
        weight *= _INNER_HAMZA if any(of == "أ" and by not in _HAMZA_OR_MADDA for of, by in pairs) else 1.0
    return weight


class StemSpelling(NamedTuple):
    """A dictionary spelling of what remains of a word without its clitics."""

    stem: str
    #: How the stem as written must end.
    last: str = ""
    #: Index of its first letter that the word has too.
    first: int = 0
    #: Whether its last letter is another one than that of the word.
    is_changed: bool = False


def stem_spellings(middle: str, proclitic: str, enclitic: str) -> list[StemSpelling]:
    """Return the possible dictionary spellings of a stem, because letters change next to clitics."""
    spellings = [StemSpelling(middle)]
    if enclitic:
        if middle[-1] == "ت":  # ة becomes ت: حملتهم
            spellings.append(StemSpelling(middle[:-1] + "ه", "ة", is_changed=True))
        elif middle[-1] == "ا":  # ى becomes ا: مستشفاهم
            spellings.append(StemSpelling(middle[:-1] + "ي", "ى", is_changed=True))
        elif middle[-1] == "و":  # the silent alif of the plural is dropped: كتبوه
            spellings.append(StemSpelling(middle + "ا"))
    if proclitic.endswith("لل"):  # ل + ال + a word with initial lam is written with two lams: للجنة
        spellings.append(StemSpelling("ل" + middle, first=1))
    return spellings
