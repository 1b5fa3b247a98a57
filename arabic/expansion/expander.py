"""Query expansion: words and terms that are searched besides the typed ones.

Each expansion is labelled, so that readers see it and can turn it off. Rules and tables only; search/query/
counts which expansions occur in the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from arabic.expansion.compounds import compound_parts, compound_spellings
from arabic.expansion.foreign_names import foreign_spellings, is_foreign
from arabic.expansion.misspellings import intended_name_term, term_of_misspellings
from arabic.expansion.months import find_months, other_month_names
from arabic.expansion.synonyms import Synonym, SynonymMap, shipped_synonyms
from arabic.morphology.lemmatizer import lemmas, likeliest_lemmas, morph_analyses
from arabic.morphology.protected_words import NAME_MARKER, find_multiword_names, name_term
from arabic.morphology.stem_lexicon import lemma_letters, lemma_roots, related_lemmas
from arabic.spelling.latin_names import arabic_name
from arabic.spelling.transliteration import LATIN_ARTICLES, transliterations
from arabic.tables.gazetteer import gazetteer, name_key, read_table
from arabic.tables.numerals import find_numbers, other_number_spellings
from arabic.text.tokenizer import normalized_term, normalized_terms, written_terms
from arabic.vocabulary.frequencies import probability
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY

#: Not produced here: "particle", optional words of a sentence (`search.query.compiler`), "anywhere", the
#: words of a name of several words apart (`search.query.clauses`), and "misread", likely words of scans.
ExpansionKind = Literal[
    "month", "spelling", "alias", "number", "joined", "misspelt", "transliteration", "derivation", "nisba",
    "nationality", "particle", "anywhere", "misread",
]  # fmt: skip
#: Kinds that widen a search so much that they are offered, not searched unless the reader asks for them.
OFFERED_KINDS: frozenset[ExpansionKind] = frozenset({"nationality", "nisba", "anywhere"})
#: In a longer query an adjective for each noun would say nothing about what is meant.
MAX_NISBA_TOKENS = 3
#: Limit for one query: a pasted article must not become a thousand searches. Spellings come last.
MAX_EXPANSIONS = 120
#: Shorter Latin words are abbreviations and particles; of the Arabic spellings only the likeliest are
#: searched.
MIN_LATIN_LETTERS, MAX_TRANSLITERATIONS = 4, 3
#: Endings of a nisba adjective, and what a noun may lose before them (سياسة: سياسي, سنة: سنوي).
_NISBA_ENDINGS, _LOST_BEFORE_NISBA = ("ي", "وي"), ("", "ه", "ا", "اء", "ي")
MIN_NISBA_LETTERS = 3
#: A word with one of these is understood, and no foreign name to be spelt in other ways.
_SURE_KINDS = frozenset({"month", "number", "alias", "nationality"})
_LATIN_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Expansion:
    """Something else to search for in place of the typed tokens [start, end)."""

    start: int
    end: int
    kind: ExpansionKind
    words: tuple[str, ...]  #: normalized tokens, several are a phrase; () if `term` is searched
    shown: str  #: the text shown to readers, and the value that turns the expansion off
    term: str = ""  #: a ready term of the lemma field

    @property
    def label(self) -> str:
        """Return the label of the query's terms that come from this expansion."""
        return f"{self.kind}:{self.shown}"

    @property
    def is_offered(self) -> bool:
        """True if it is searched only when the reader asks for it."""
        return self.kind in OFFERED_KINDS


def expand_query(
    tokens: Sequence[str], synonyms: SynonymMap | None = None, written: Sequence[str] = ()
) -> list[Expansion]:
    """Return the expansions of typed normalized tokens, the surest kinds first.

    `synonyms` are the shipped ones by default; `written` has the word of each token as typed, which
    distinguishes آب (August) from أب (father). At most MAX_EXPANSIONS. An expansion that contains the typed
    words, or another expansion of the same words, as a phrase is left out: it would find nothing more.
    """
    row = tuple(tokens)
    synonyms = shipped_synonyms() if synonyms is None else synonyms
    rules = (
        _months(row, written),
        _synonyms(row, synonyms),
        _numbers(row),
        _compounds(row),
        _misspellings(row),
        derivations(row, written),
        _nisbas(row, written),
    )
    named = [each for rule in rules for each in rule]
    sure = [each for each in named if each.end > each.start + 1 or each.kind in _SURE_KINDS]
    understood = {at for each in sure for at in range(each.start, each.end)}
    understood -= {
        each.start
        for each in sure
        if each.kind in ("alias", "nationality") and _has_other_spellings(row, each, sure)
    }
    unlike: dict[object, Expansion] = {}
    for each in [*named, *_transliterations(row, understood), *_spellings(row, understood)]:
        unlike.setdefault((each.start, each.end, each.words, each.term), each)
    found = list(unlike.values())
    return [each for each in found if not _is_redundant(each, row, found)][:MAX_EXPANSIONS]


def _has_other_spellings(tokens: tuple[str, ...], alias: Expansion, sure: Sequence[Expansion]) -> bool:
    """Return True if an alias is for one word that has other spellings as well.

    This is a foreign name, or a Latin one whose name in the table is none of its synonyms.
    """
    if alias.end != alias.start + 1:
        return False
    word = tokens[alias.start]
    if not word.isascii():
        return is_foreign(word)
    return arabic_name(word) not in (None, *(each.shown for each in sure if each.start == alias.start))


def _is_redundant(expansion: Expansion, tokens: tuple[str, ...], found: Sequence[Expansion]) -> bool:
    """Return True if the expansion's words contain the typed words or another expansion of them."""
    start, end = expansion.start, expansion.end
    typed, written = tokens[start:end], expansion.words
    if expansion.kind == "alias" and not written:
        written = tuple(normalized_terms(expansion.shown))
        return written != typed and _is_within(typed, written)
    rivals = [other.words for other in found if (other.start, other.end) == (start, end)]
    shorter = [words for words in rivals if words and words != written]
    return any(_is_within(words, written) for words in [typed, *shorter])


def _is_within(part: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return True if `part` is a contiguous part of `words`."""
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _months(tokens: tuple[str, ...], written: Sequence[str]) -> Iterator[Expansion]:
    """Yield the other names of months."""
    for start, end, _month in find_months(tokens, written):
        for words, term, shown in other_month_names(tokens[start:end]):
            yield Expansion(start, end, "month", words, shown, term)


def _synonyms(tokens: tuple[str, ...], synonyms: SynonymMap) -> Iterator[Expansion]:
    """Yield the other names of places and organisations; of names with one term, the shortest first."""
    for found in synonyms.find(tokens):
        for other in sorted(found.synonyms, key=_term_words):
            yield Expansion(found.start, found.end, other.kind, other.words, other.shown, other.term)


def _term_words(synonym: Synonym) -> int:
    """Return the number of words of a name with a term; 0 for another."""
    return len(normalized_terms(synonym.shown)) if synonym.term else 0


def _numbers(tokens: tuple[str, ...]) -> Iterator[Expansion]:
    """Yield the other spellings of numbers."""
    for start, end, number in find_numbers(tokens):
        for words, shown in other_number_spellings(tokens[start:end], number):
            yield Expansion(start, end, "number", words, shown)


def _compounds(tokens: tuple[str, ...]) -> Iterator[Expansion]:
    """Yield several words written as one, and one word written as several.

    A name of several words has a term, which its joined spelling has too.
    """
    named = {(name.start, name.end) for name in find_multiword_names(tokens)}
    for start, end, written in compound_spellings(tokens):
        if (start, end) in named:
            continue
        yield Expansion(start, end, "joined", tuple(written.split(" ")), written)
    for at, token in enumerate(tokens):
        if parts := compound_parts(token):
            yield Expansion(at, at + 1, "joined", parts, " ".join(parts))


def _misspellings(tokens: tuple[str, ...]) -> Iterator[Expansion]:
    """Yield the misspellings of typed names, and the names that typed misspellings mean."""
    for at, token in enumerate(tokens):
        meant = intended_name_term(token)
        if meant:
            yield Expansion(at, at + 1, "misspelt", (), _display_name(meant), meant)
        if (term := meant or name_term(token)) and (marker_term := term_of_misspellings(term)):
            yield Expansion(at, at + 1, "misspelt", (), _display_name(term), marker_term)
    for run in find_multiword_names(tokens):
        if run.end > run.start + 1 and (marker_term := term_of_misspellings(run.term)):
            yield Expansion(run.start, run.end, "misspelt", (), _display_name(run.term), marker_term)


def derivations(tokens: Sequence[str], written: Sequence[str] = ()) -> Iterator[Expansion]:
    """Yield the nouns of action of verbs, and the verbs of nouns of action."""
    for at in range(len(tokens)):
        for other in derived_lemmas(_as_typed(tokens, written, at)):
            yield Expansion(at, at + 1, "derivation", (), lemma_letters(other), other)


def _as_typed(tokens: Sequence[str], written: Sequence[str], at: int) -> str:
    """Return a token with the letters as typed, if its word as typed has no other."""
    terms = written_terms(written[at]) if at < len(written) else []
    return terms[0] if len(terms) == 1 and normalized_term(terms[0]) == tokens[at] else tokens[at]


@cache
def _not_masdars() -> frozenset[tuple[str, str]]:
    """Return the pairs of not_masdars.tsv, in both orders."""
    rows = [(name_key(row["noun"]), name_key(row["verb"])) for row in read_table("not_masdars.tsv")]
    return frozenset({*rows, *(row[::-1] for row in rows)})


def derived_lemmas(word: str) -> tuple[str, ...]:
    """Return the lemmas of the noun of action of a verb, or of the verb of a noun of action (اعتقل, اعتقال).

    None for a place name that reads like a verb form (تدمر, Palmyra, also "destroys"), and none from a lemma
    that is much less likely than another one of the word: of 38 such pairs, two meant the word. None where
    the noun means something else today (محافظة, governorate, and حافظ, to preserve).
    """
    own, token = lemmas(word), normalized_term(word)
    if name_term(token) and token not in map(lemma_letters, own):
        return ()
    found = (
        other
        for lemma in likeliest_lemmas(word)
        for other in related_lemmas(lemma)
        if (lemma_letters(lemma), lemma_letters(other)) not in _not_masdars()
    )
    return tuple(dict.fromkeys(other for other in found if other not in own))


def _nisbas(tokens: tuple[str, ...], written: Sequence[str]) -> Iterator[Expansion]:
    """Yield the nisba adjective of a noun, and the noun of a nisba adjective (اجتماع, اجتماعي)."""
    for at, token in enumerate(tokens if len(tokens) <= MAX_NISBA_TOKENS else ()):
        own = lemmas(_as_typed(tokens, written, at))
        if name_term(token):
            continue
        # Only of the likeliest reading: سنة is a year, rarely the Sunna with its adjective سني.
        other = nisba_pair(own[0]) if own else ""
        if other and other not in own:
            yield Expansion(at, at + 1, "nisba", (), lemma_letters(other), other)


@lru_cache(5_000)
def nisba_pair(lemma: str) -> str:
    """Return the lemma of the nisba adjective of a noun, or of the noun of a nisba adjective; else "".

    It is a word of the dictionary with the same root; of several, the most frequent one.
    """
    letters = lemma_letters(lemma)
    bases = [letters.removesuffix(ending) for ending in _LOST_BEFORE_NISBA if letters.endswith(ending)]
    found = [base + nisba for base in bases for nisba in _NISBA_ENDINGS]
    for nisba in _NISBA_ENDINGS:
        if letters.endswith(nisba):
            found += [letters.removesuffix(nisba) + ending for ending in _LOST_BEFORE_NISBA]
    own = set(lemma_roots(lemma))
    known = [
        each.lemma
        for other in dict.fromkeys(found)
        if len(other) >= MIN_NISBA_LETTERS and other != letters and not name_term(other)
        for each in morph_analyses(other)
        if each.kind == "N"
        and lemma_letters(each.lemma) == each.stem == other
        and own.intersection(lemma_roots(each.lemma))
    ]
    return max(known, key=lambda each: probability(lemma_letters(each)), default="")


def _transliterations(tokens: tuple[str, ...], but: Set[int]) -> Iterator[Expansion]:
    """Yield Arabic spellings of names in Latin letters (Lavrov, لافروف)."""
    for at, token in enumerate(tokens):
        if at in but or len(token) < MIN_LATIN_LETTERS or not (token.isascii() and token.isalpha()):
            continue
        if _LATIN_VOWELS.isdisjoint(token):  # typed on the other keyboard layout
            continue
        starts = (at - 1, at) if at and tokens[at - 1] in LATIN_ARTICLES else (at,)
        for start in starts:
            first, *more = transliterations(
                " ".join(tokens[start : at + 1]), EMPTY_VOCABULARY, MAX_TRANSLITERATIONS
            ) or [""]
            for name in filter(None, (first, *filter(_is_name, more))):
                yield Expansion(start, at + 1, "transliteration", tuple(normalized_terms(name)), name)


def _is_name(token: str) -> bool:
    """Return True if a token is a known or a foreign name."""
    return bool(name_term(token)) or is_foreign(token)


def _spellings(tokens: tuple[str, ...], but: Set[int]) -> Iterator[Expansion]:
    """Yield the spellings of foreign names, except of tokens that another expansion covers."""
    for at, token in enumerate(tokens):
        if at not in but:
            yield from (Expansion(at, at + 1, "spelling", (word,), word) for word in foreign_spellings(token))


@lru_cache(5_000)
def _display_name(term: str) -> str:
    """Return the name that a term stands for, as a newspaper prints it."""
    key = term.removeprefix(NAME_MARKER)
    places = gazetteer().by_name_key(key)
    return places[0].name if places else key
