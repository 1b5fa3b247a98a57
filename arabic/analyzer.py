"""The analyzer: from the normalized tokens of a text to the contents of the index fields.

Three levels: `exact` (the normalized token), `light` (its light10 stem, unless it is protected) and `forms`,
the lemma field (names, dictionary lemmas, stems of out-of-vocabulary words, terms that depend on the
context). Used for indexing and for queries alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from sys import intern
from typing import NamedTuple

from arabic.expansion.misspellings import misspelling_term
from arabic.expansion.months import ambiguous_month_name, iter_month_terms
from arabic.expansion.synonyms import iter_byname_terms, may_be_byname
from arabic.morphology.affixes import LETTER_CLITICS, light10, strip_suffixes
from arabic.morphology.analyzed_words import AnalyzedWord, NounOrVerb, WordType, analyzed_words
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.lemmatizer import is_noun_with_pronoun, lemmas, oov_stem_terms
from arabic.morphology.protected_words import (
    MultiwordName,
    find_multiword_names,
    is_construct_noun,
    may_be_construct_noun,
    may_begin_name,
    name_term,
    protected_names,
)
from arabic.morphology.stem_lexicon import lemma_letters
from arabic.morphology.text_readings import TEH_MARBUTA, careless_lemmas, name_lemma, noun_or_verb
from arabic.morphology.word_context import is_then_has, name_start, persons_in_context, words_in_context
from arabic.tables.gazetteer import DATA, read_word_set
from arabic.text.tokenizer import normalized_term
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: Bump when code changes the analysis. Changes to data tables are detected automatically.
CODE_VERSION = 18
#: Precedes the stem of a word without a reading, so that it cannot equal a lemma.
STEM_MARKER = "^"
_NISBA = ("ي", "يه", "يون", "يين", "يات")
#: Endings that a noun takes in news, appended to words with a root waw to generate their inflected forms.
_NOUN_ENDINGS = ("", "ا", "ان", "ين", "ون", "ات", "ي", "ه", "ها", "هم", "هما", "نا", "يه", "تان", "تين")
_AFTER_TA = ("ه", "ها", "هم", "هما", "نا", "ان", "ين", "ي")
#: Endings that light10 removes from unrelated words, and the least probability at which such a word matters.
_SHARED_ENDINGS = ("", "ه", "يه", "ان", "ين", "ات", "ون")
_MIN_COMMON_PROBABILITY = 1e-6
_SERVANTS = tuple(clitic + "عبد" for clitic in ("", *LETTER_CLITICS))
#: A text with this many ة or more is taken to write ة wherever it belongs.
_MIN_TEH, _ENDS_IN_TEH = 3, TEH_MARBUTA + " "
#: Word types of a large archive: without a bound the cache would keep every typo. The other caches serve
#: little but queries, because `AnalyzedWordCache` holds the results for texts.
_MAX_CACHED_WORDS, _MAX_WORDS_IN_CONTEXT, _CACHE_SIZE = 100_000, 20_000, 5_000


@cache
def _overrides() -> dict[str, str]:
    """Map the tokens that light10 must not stem to their stems."""
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
    """Return protected names preceded by the prefixes that light10 removes, with their terms.

    Without them ولبنان would become لبن.
    """
    found: dict[str, str] = {}
    for name, term in protected_names().items():
        found[f"و{name}"] = term
        if name.startswith("ال"):
            found |= {f"{clitic}{name}": term for clitic in "بكف"}
            found[f"لل{name[2:]}"] = term
    return found


def stem_overrides() -> list[tuple[str, str]]:
    """Return (token, stem), sorted, for the tokens that light10 must not stem.

    Protected names, also after the clitics that light10 removes, become their term; words whose root begins
    with waw (وزير) keep it. For Elasticsearch's `stemmer_override`.
    """
    return sorted(_overrides().items())


@lru_cache(_CACHE_SIZE)
def light_stem(token: str) -> str:
    """Return the light stem of a normalized token."""
    return _overrides().get(token) or light10(token)


@lru_cache(_CACHE_SIZE)
def is_overstemmed(token: str) -> bool:
    """Return True if a token shares its light stem with a common word that shares no lemma with it.

    Examples: جمعية and جمعة, مكتب and مكتبة, سلطة and سلطان. The stem would also match the unrelated word.
    The adjective of a noun (سياسة, سياسي) counts as related.
    """
    own = lemmas(token)
    if not own:
        return False
    stem = light_stem(token)
    for word in (stem + ending for ending in _SHARED_ENDINGS):
        if word == token or probability(word) < _MIN_COMMON_PROBABILITY or light_stem(word) != stem:
            continue
        others = lemmas(word)
        of_both = {*own, *others}
        if (
            others
            and len(of_both) == len(own) + len(others)
            and stem + "ي" not in map(lemma_letters, of_both)
        ):
            return True
    return False


@lru_cache(_CACHE_SIZE)
def lemma_terms(word: str) -> tuple[str, ...]:
    """Return the lemma-field terms of a written term without its context: the name in it and its lemmas.

    An unknown word gives its stems without clitics, and the marker term of a name that it misspells.
    """
    token = normalized_term(word)
    name = name_term(token)
    if found := lemmas(word):
        return (name, *found) if name else found
    if name:
        return (name,)
    misspelt = misspelling_term(token)
    found = (*oov_stem_terms(token), unknown_stem_term(token))
    return (misspelt, *found) if misspelt else found


def unknown_stem_term(token: str) -> str:
    """Return the lemma-field term for the stem of a word without a reading.

    A shared stem is evidence that two words are forms of one only where the dictionary cannot say: texts have
    this term for the words that no dictionary has, and all words of a query search it. A nisba adjective
    (الجبيري) is a word of its own, so its ending stays.
    """
    stem = light_stem(token)
    return STEM_MARKER + (stem + "ي" if token.endswith(_NISBA) and not stem.endswith("ي") else stem)


class AnalyzedWordCache(dict[str, WordType]):
    """Types of words by one decompounder, made when a word first occurs, because words recur in news.

    An LRU cache costs more than it saves; this one is cleared when it is full.
    """

    def __init__(self, decompounder: Decompounder) -> None:
        super().__init__()
        self._decompounder = decompounder
        self._with_terms: dict[tuple[WordType, str], WordType] = {}

    def with_term(self, of_word: WordType, term: str) -> WordType:
        """Return the type of a word to which the words around it add a term."""
        key = of_word, term
        if key not in self._with_terms:
            if len(self._with_terms) >= _MAX_WORDS_IN_CONTEXT:
                self._with_terms.clear()
            fields = f"{of_word.lemma_field} {term}" if of_word.lemma_field else term
            self._with_terms[key] = WordType(of_word.normalized, of_word.stem, fields)
        return self._with_terms[key]

    def __missing__(self, word: str) -> WordType:
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()
        found = analyzed_words.get(word)
        if found is None:
            found = self._analyze(word)
            if is_frequent_word(normalized_term(word)):
                analyzed_words.new_words[word] = found
        of_word = self[word] = _word_type(word, found)
        if found.careless:
            of_word.careful = _word_type(word, found.carefully_written())
        return of_word

    def _analyze(self, word: str) -> AnalyzedWord:
        """Return the analysis of a written term."""
        term = normalized_term(word)
        parts = self._decompounder.parts(term)
        terms = _terms_with_parts(word, parts)
        nouns, verbs, prior, hints = ("", "", 0, "") if parts else noun_or_verb(word)
        careless = "" if parts else " ".join(sorted(careless_lemmas(word)))
        beside = (may_begin_name, may_be_byname, ambiguous_month_name, may_be_construct_noun)
        return AnalyzedWord(
            light_stem(term),
            " ".join(terms),
            any(each(term) for each in beside),
            nouns,
            verbs,
            prior,
            careless,
            name_lemma(word),
            hints,
        )


def _word_type(word: str, found: AnalyzedWord) -> WordType:
    """Return the type of a written term with this analysis."""
    # Words share forms: the same string takes the memory, and the time to read it, only once.
    normalized, stem, lemma_field = map(intern, (normalized_term(word), found.stem, found.lemma_field))
    of_word = WordType(normalized, stem, lemma_field, found.needs_context, found.prior)
    if found.verbs:
        as_noun, as_verb = (
            WordType(normalized, stem, intern(found.without(others)), found.needs_context)
            for others in (found.verbs, found.nouns)
        )
        particle = WordType(normalized, stem, "") if is_then_has(normalized) else None
        of_word.choice = NounOrVerb(as_noun, as_verb, particle, found.hints)
    of_word.name_start = name_start(word, normalized)
    if found.name:
        of_word.name = WordType(normalized, stem, intern(found.name), found.needs_context)
    return of_word


#: One cache for the decompounder of the archive, one for the shipped one.
analyzed_word_cache = lru_cache(maxsize=2)(AnalyzedWordCache)


class AnalyzedTerms(NamedTuple):
    """The analysis of the tokens of a text."""

    #: The type of each token; those with the same forms need not have the same one.
    types: list[WordType]
    #: Names of several words; their terms are among those of each of their tokens.
    names: Sequence[MultiwordName]

    @property
    def lemma_fields(self) -> list[str]:
        """The terms of each token in the lemma field, joined by spaces."""
        return [each.lemma_field for each in self.types]


def _context_terms(
    terms: Sequence[str], at: Sequence[int], types: Sequence[WordType], names: Iterable[MultiwordName]
) -> Iterator[tuple[int, str]]:
    """Yield (index, term) for the terms that a token gains from the words around it.

    `at`: indexes of the tokens with `needs_context`. `names`: the names of several words among the terms.
    """
    for run in names:
        yield from (
            (here, run.term)
            for here in range(run.start, run.end)
            if run.term not in types[here].lemma_field.split()
        )
    yield from iter_month_terms(terms, at)
    yield from iter_byname_terms(terms, at)


def _construct_nouns(
    words: Sequence[str], terms: Sequence[str], at: Iterable[int], gap: Callable[[int], str] | None
) -> Iterator[int]:
    """Yield the indexes of the names that the next word makes a noun: حماة الوطن is not in Hama.

    So does a hamza (حمأة).
    """
    for here in filter(lambda index: may_be_construct_noun(terms[index]), at):
        before, after = (
            terms[second + beside] if 0 < second < len(terms) and (gap is None or gap(second) == " ") else ""
            for second, beside in ((here, -1), (here + 1, 0))
        )
        if "أ" in words[here] or is_construct_noun(
            before, terms[here], after, has_pronoun=is_noun_with_pronoun(after)
        ):
            yield here


def analyze_terms(
    words: Sequence[str],
    decompounder: Decompounder = SHIPPED_DECOMPOUNDER,
    gap: Callable[[int], str] | None = None,
) -> AnalyzedTerms:
    """Return the stem and the terms of the lemma field of each written term of a text.

    The term of a name of several words is added to each of its tokens (besides the name that a token is by
    itself); a run-together word has all terms of its parts. `gap`: the text between the token at an index and
    the one before it; a space if it is not given.
    """
    cached = analyzed_word_cache(decompounder)
    types = list(map(cached.__getitem__, words))
    if " ".join(words).count(_ENDS_IN_TEH) >= _MIN_TEH:
        types = [each.careful or each for each in types]
    names: Sequence[MultiwordName] = ()
    for here, of_word in persons_in_context(words, types, gap):
        types[here] = of_word
    for here, of_word in words_in_context(types, gap):
        types[here] = of_word
    if at := [here for here, each in enumerate(types) if each.needs_context]:
        terms = [each.normalized for each in types]
        names = find_multiword_names(terms, at)
        for here in _construct_nouns(words, terms, at, gap):
            of_word, name = types[here], name_term(terms[here])
            others = " ".join(term for term in of_word.lemma_field.split() if term != name)
            types[here] = WordType(of_word.normalized, of_word.stem, others)
        for here, term in list(_context_terms(terms, at, types, names)):
            types[here] = cached.with_term(types[here], term)
    return AnalyzedTerms(types, names)


def lemma_terms_in_context(
    words: Sequence[str], decompounder: Decompounder = SHIPPED_DECOMPOUNDER
) -> list[tuple[str, ...]]:
    """Return the lemma-field terms of each written term of a text in its context."""
    return [tuple(each.split()) for each in analyze_terms(words, decompounder).lemma_fields]


def _terms_with_parts(word: str, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the terms of a word, its parts and the names of several words in them, without duplicates."""
    if not parts:
        return lemma_terms(word)
    names = [run.term for run in find_multiword_names(parts)]
    # عبدالملك is no king; عبد الملك is searched as one word too.
    written = [] if parts[0] in _SERVANTS else written_parts(word, parts)
    groups = [lemma_terms(word), *map(lemma_terms, written), names]
    return tuple(dict.fromkeys(term for terms in groups for term in terms))


def written_parts(word: str, parts: Sequence[str]) -> list[str]:
    """Return the parts of a run-together word with the letters as written."""
    if len(word) < sum(map(len, parts)):  # cut, or a letter vanished in normalization
        return list(parts)
    ends = list(accumulate(map(len, parts)))
    ends[-1] = len(word)  # with a tanween
    return [word[start:end] for start, end in pairwise([0, *ends])]


@cache
def analysis_version() -> str:
    """Return a hash of the tables and the code version; an index built under another one must be rebuilt."""
    digest = hashlib.sha256(str(CODE_VERSION).encode())
    for table in sorted(path for path in DATA.iterdir() if path.suffix in (".tsv", ".gz", ".marisa")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()[:12]
