"""The forms of a word: exact (folded), light (stem), and the bag (names, lemmas, what no dictionary has)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from arabic.expansion.misspellings import misspelling_term
from arabic.expansion.months import ambiguous_month_name, iter_month_terms
from arabic.expansion.synonyms import iter_byname_terms, may_be_byname
from arabic.morphology.analyzed_words import AnalyzedWord, analyzed_words
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.lemmatizer import lemmas, oov_stem_terms
from arabic.morphology.light10 import light10, strip_suffixes
from arabic.morphology.protected_words import find_multiword_names, may_begin_name, name_term, protected_names
from arabic.tables.gazetteer import DATA, read_word_set
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: Raise it when code changes what a text's forms are; the tables count by themselves.
CODE_VERSION = 7
#: Endings a noun takes in news, written behind a root-waw word to find its inflected forms.
_NOUN_ENDINGS = ("", "ا", "ان", "ين", "ون", "ات", "ي", "ه", "ها", "هم", "هما", "نا", "يه", "تان", "تين")
_AFTER_TA = ("ه", "ها", "هم", "هما", "نا", "ان", "ين", "ي")
#: What light10 takes off the ends of words that are none of a kind; how often one is met to be reckoned with.
_SHARED_ENDINGS = ("", "ه", "يه", "ان", "ين", "ات", "ون")
_MIN_COMMON_PROBABILITY = 1e-6
#: Word types of a large archive; a cache without a bound would keep every typo for ever. What a type is made
#: of is hardly asked for again but by queries.
_MAX_CACHED_WORDS, _CACHE_SIZE = 100_000, 5_000


@cache
def _overrides() -> dict[str, str]:
    overrides = _names_after_clitics()
    for word in read_word_set("waw_words.tsv"):
        stem = word.removesuffix("ه")
        inflected = {word + ending for ending in _NOUN_ENDINGS} | {
            stem + ending for ending in _NOUN_ENDINGS if ending
        }
        if stem != word:
            inflected |= {stem + "ت" + ending for ending in _AFTER_TA}
        overrides |= {term: strip_suffixes(term) for term in inflected}
    return overrides | protected_names()


def _names_after_clitics() -> dict[str, str]:
    """Protected names behind what light10 cuts off, and their marked forms: ولبنان must not become لبن."""
    found: dict[str, str] = {}
    for name, term in protected_names().items():
        found[f"و{name}"] = term
        if name.startswith("ال"):
            found |= {f"{clitic}{name}": term for clitic in "بكف"}
            found[f"لل{name[2:]}"] = term
    return found


def stem_overrides() -> list[tuple[str, str]]:
    """(exact, light) for the tokens that light10 must not touch: protected names, also behind the clitics
    that it cuts off, become their marked form; words whose root begins with waw (وزير) keep it. Sorted; for
    Elasticsearch's `stemmer_override`."""
    return sorted(_overrides().items())


@lru_cache(_CACHE_SIZE)
def light_stem(token: str) -> str:
    """The light form of a folded token."""
    return _overrides().get(token) or light10(token)


@lru_cache(_CACHE_SIZE)
def is_overstemmed(token: str) -> bool:
    """Whether a dictionary word has its light stem together with a common word that shares no lemma with it
    (جمعية and جمعة, مكتب and مكتبة, سلطة and سلطان): the stem finds the wrong one. The adjective of a noun
    (سياسة, سياسي) is no other word."""
    own = lemmas(token)
    if not own:
        return False
    stem = light_stem(token)
    for word in (stem + ending for ending in _SHARED_ENDINGS):
        if word == token or probability(word) < _MIN_COMMON_PROBABILITY or light_stem(word) != stem:
            continue
        others = lemmas(word)
        of_both = {*own, *others}
        if others and len(of_both) == len(own) + len(others) and stem + "ي" not in of_both:
            return True
    return False


@lru_cache(_CACHE_SIZE)
def lemma_terms(token: str) -> tuple[str, ...]:
    """What the bag holds of a word by itself: the name in it, its lemmas; of a word that no dictionary
    knows, what remains without clitics, and the mark of the name that it misspells."""
    name = name_term(token)
    if found := lemmas(token):
        return (name, *found) if name else found
    if name:
        return (name,)
    misspelt = misspelling_term(token)
    return (misspelt, *oov_stem_terms(token)) if misspelt else oov_stem_terms(token)


class AnalyzedWordCache(dict[str, AnalyzedWord]):
    """The word types of texts that are cut by one splitter, worked out when they are first met: the words of
    news come back. (A cache that knows which was used last costs more than it spares.)"""

    def __init__(self, decompounder: Decompounder) -> None:
        super().__init__()
        self._decompounder = decompounder

    def __missing__(self, word: str) -> AnalyzedWord:
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()
        found = analyzed_words.get(word)
        if found is None:
            found = self._analyze(word)
            if is_frequent_word(word):
                analyzed_words.new_words[word] = found
        self[word] = found
        return found

    def _analyze(self, word: str) -> AnalyzedWord:
        forms = _terms_with_parts(word, self._decompounder.parts(word))
        needs_context = may_begin_name(word) or may_be_byname(word) or bool(ambiguous_month_name(word))
        return AnalyzedWord(light_stem(word), " ".join(forms), needs_context)


#: Those of the archive, and of the shipped tables alone.
analyzed_word_cache = lru_cache(maxsize=2)(AnalyzedWordCache)


def _context_terms(
    terms: Sequence[str], at: Sequence[int], lemma_fields: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """(index, form) of what the words around a token add to its bag; `at`: the tokens that ask."""
    for run in find_multiword_names(terms, at):
        yield from (
            (here, run.term)
            for here in range(run.start, run.end)
            if run.term not in lemma_fields[here].split()
        )
    yield from iter_month_terms(terms, at)
    yield from iter_byname_terms(terms, at)


def analyze_terms(
    terms: Sequence[str], decompounder: Decompounder = SHIPPED_DECOMPOUNDER
) -> tuple[list[str], list[str]]:
    """For each folded token of a text its light form, and the forms it adds to the bag, joined by spaces; a
    name of several words stands on each of its tokens (beside the name that a token is by itself), all forms
    of the parts on a run-together word."""
    types = list(map(analyzed_word_cache(decompounder).__getitem__, terms))
    lemma_fields = [each.lemma_field for each in types]
    if at := [here for here, each in enumerate(types) if each.needs_context]:
        for here, term in list(_context_terms(terms, at, lemma_fields)):
            lemma_fields[here] = f"{lemma_fields[here]} {term}" if lemma_fields[here] else term
    return [each.stem for each in types], lemma_fields


def lemma_terms_in_context(
    terms: Sequence[str], decompounder: Decompounder = SHIPPED_DECOMPOUNDER
) -> list[tuple[str, ...]]:
    """For each folded token of a text the forms it adds to the bag."""
    return [tuple(each.split()) for each in analyze_terms(terms, decompounder)[1]]


def _terms_with_parts(word: str, parts: Sequence[str]) -> tuple[str, ...]:
    """The forms of a word, of its parts and of the names of several words among them, each once."""
    if not parts:
        return lemma_terms(word)
    some = [lemma_terms(word), *map(lemma_terms, parts), [run.term for run in find_multiword_names(parts)]]
    return tuple(dict.fromkeys(term for forms in some for term in forms))


@cache
def analysis_version() -> str:
    """A hash over the tables and the code version: an index built under another one must be rebuilt."""
    digest = hashlib.sha256(str(CODE_VERSION).encode())
    for table in sorted(path for path in DATA.iterdir() if path.suffix in (".tsv", ".gz", ".marisa")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()[:12]
