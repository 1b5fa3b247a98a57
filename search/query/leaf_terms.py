"""Builds the leaves of the tree of terms for a token, a name, a phrase or an expansion.

They are weighted by field and level with the constants of `search/query/weights.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import log10

from arabic.analyzer import is_overstemmed, light_stem, unknown_stem_term
from arabic.expansion.expander import Expansion
from arabic.morphology.affixes import ARTICLE, LETTER_CLITICS
from arabic.morphology.clitics import ARTICLES
from arabic.morphology.lemmatizer import lemmas, oov_term
from arabic.morphology.protected_words import is_definite, is_protected, may_be_construct_noun, name_term
from arabic.morphology.stem_lexicon import lemma_letters
from arabic.morphology.text_readings import is_told_by_writing, name_lemma
from arabic.spelling.misread_words import MISREAD_MARKER
from arabic.text.tokenizer import normalized_term, normalized_terms
from arabic.vocabulary.frequencies import probability
from search.query.nodes import QuotedPhrase
from search.query.request import SearchLevel
from search.query.weights import (
    COMMON_WORD_MAGNITUDE,
    EXPANSION_BOOST,
    EXPANSION_PHRASE_LEVEL_SHARE,
    FIELD_BOOST,
    LEVEL_BOOST,
    LIKELY_WORD_BOOST,
    MIN_WORD_PROBABILITY,
    PATTERN_BOOST,
    PHRASE_BOOST,
    RARITY_BOOST,
    RELATED_BOOST,
    SHARED_STEM_BOOST,
    UNSTEMMED_BOOST,
)
from search.query_tree import (
    TEXT_FIELDS,
    AllOf,
    AnalysisLevel,
    AnyOf,
    MustNot,
    Node,
    Pattern,
    Phrase,
    Term,
    TermField,
    TextField,
)

#: The value of `without` that switches all expansions off.
WITHOUT_ALL_EXPANSIONS = "*"
#: One switch for all words of a query: what OCR may have misread is found by what it probably was.
LIKELY_WORDS = Expansion(0, 0, "misread", (), "OCR")
#: Letters of a prefix that is also looked for behind the article.
MIN_LETTERS_BEHIND_ARTICLE = 4


def searched_fields(field: TextField | None) -> tuple[TextField, ...]:
    """Return the named field, or all."""
    return (field,) if field else TEXT_FIELDS


def term(field: TermField, level: AnalysisLevel, value: str, boost: float = 1.0, label: str = "") -> Term:
    """Return a term with the boost of its field and level, times `boost`."""
    return Term(field, level, value, FIELD_BOOST[field] * LEVEL_BOOST[level] * boost, label)


def lemma_terms(form: str, fields: Sequence[TextField], boost: float = 1.0, label: str = "") -> list[Node]:
    """Return a term of the lemma level in each field."""
    return [term(field, "forms", form, boost, label) for field in fields]


def exact_terms(word: str, fields: Sequence[TextField]) -> list[Node]:
    """Return a term of the folded letters in each field."""
    return [term(field, "exact", normalized_term(word)) for field in fields]


@lru_cache(10_000)
def rarity_weight(token: str) -> float:
    """Return the weight of a word for its rarity in Arabic: 1 for common words, higher for rarer ones.

    BM25 accounts for its rarity in the archive.
    """
    orders = -log10(max(probability(token), MIN_WORD_PROBABILITY)) - COMMON_WORD_MAGNITUDE
    return 1.0 + RARITY_BOOST * max(0.0, orders)


def token_terms(
    word: str,
    fields: Sequence[TextField],
    level: SearchLevel,
    boost: float = 1.0,
    label: str = "",
    *,
    after: str = "",
) -> list[Term]:
    """Return the terms of a written term in each field, at the levels of the request.

    A protected name is not stemmed: its stem would also match unrelated words. One that is also a noun before
    a genitive is the place only (حماة), unless the word `after` it may be its genitive (حماة الوطن).
    """
    token = normalized_term(word)
    boost *= rarity_weight(token)
    found: list[tuple[AnalysisLevel, str, float]] = [("exact", token, 1.0)]
    letters = token if level == "all" and is_told_by_writing(word) else ""
    if letters or (level == "all" and may_be_construct_noun(token) and not is_definite(after)):
        found = []
    if level == "light" and not is_protected(token):
        found.append(("light", light_stem(token), 1.0))
    if level == "all":
        if lemmas(word) or not name_term(token):
            found.append(("forms", unknown_stem_term(token), 1.0))
        found += [("forms", form, share) for form, share in weighted_lemmas(word)]
    return [
        replace(term(field, depth, value, boost * share, label), letters=letters)
        for field in fields
        for depth, value, share in found
    ]


def likely_word_terms(typed: Iterable[Term]) -> list[Term]:
    """Return the terms by which misread words of scans are found, from the terms of a typed word."""
    return [
        replace(
            each,
            value=MISREAD_MARKER + each.value,
            boost=each.boost * LIKELY_WORD_BOOST,
            label=LIKELY_WORDS.label,
        )
        for each in typed
        if each.level == "forms"
    ]


def stem_terms(word: str, fields: Sequence[TextField]) -> list[Node]:
    """Return the stem of a written term: it ranks hits, and finds close ones, but makes no strict one.

    Of a name that is also a noun, the letters.
    """
    token = normalized_term(word)
    if may_be_construct_noun(token):
        return exact_terms(word, fields)
    if is_protected(token):
        return []
    share = SHARED_STEM_BOOST if is_overstemmed(token) else 1.0
    return [term(field, "light", light_stem(token), share * rarity_weight(token)) for field in fields]


def query_lemmas(word: str) -> tuple[str, ...]:
    """Return the terms of the lemma level that a written term searches.

    These are the name in it and its lemmas, or the out-of-vocabulary term of a word that the dictionary
    lacks.
    """
    token = normalized_term(word)
    name = name_term(token)
    found = lemmas(word) or (() if name else (oov_term(token),))
    if (as_person := name_lemma(word)) and as_person not in found:
        found = (*found, as_person)
    return (name, *found) if name else found


def weighted_lemmas(word: str) -> list[tuple[str, float]]:
    """Return the same terms with their weights.

    A protected name carries the weight of its stem too; the lemmas of an ambiguous word share one weight, or
    it would count for two words.
    """
    token = normalized_term(word)
    name = name_term(token)
    found = query_lemmas(word)
    others = len(found) - (name is not None)
    own = UNSTEMMED_BOOST if is_protected(token) else 1.0
    of_lemmas = UNSTEMMED_BOOST if is_overstemmed(token) else 1.0
    return [(form, own if form == name else of_lemmas / others) for form in found]


def phrase(
    tokens: Sequence[str],
    fields: Sequence[TextField],
    slop: int = 0,
    *,
    level: AnalysisLevel = "exact",
    boost: float = 1.0,
    label: str = "",
) -> Node:
    """Return a phrase of these tokens in any of the fields."""
    values = tuple(tokens) if level == "exact" else tuple(map(light_stem, tokens))
    return any_of(
        Phrase(field, level, values, slop, FIELD_BOOST[field] * PHRASE_BOOST * boost, label)
        for field in fields
    )


def pattern(field: TextField, value: str, open_start: bool, open_end: bool, level: SearchLevel) -> Pattern:
    """Return the leaf of a wildcard; an article may stand before the beginning of a word.

    At the level "exact" the letters are those typed, and so they are where they are few: behind ال, تي* would
    find التي.
    """
    behind: tuple[str, ...] = ()
    if level != "exact" and not open_start and len(value) >= MIN_LETTERS_BEHIND_ARTICLE:
        behind = ARTICLES
        if value.startswith("ل"):  # للجنة, with one lam of two
            behind += tuple(each[:-1] for each in ARTICLES if each.endswith("لل"))
    return Pattern(field, value, open_start, open_end, FIELD_BOOST[field] * PATTERN_BOOST, behind)


def quoted_phrase(node: QuotedPhrase) -> Node:
    """Return the node of a quoted phrase: its tokens exactly as written."""
    tokens = normalized_terms(node.text)
    fields = searched_fields(node.field)
    if len(tokens) == 1:
        return any_of(term(field, "exact", tokens[0]) for field in fields)
    return phrase(tokens, fields, node.slop)


def name_phrases(name: Sequence[str], fields: Sequence[TextField]) -> list[Node]:
    """Return the nodes of a name of several words that the index has no term for.

    It is a phrase, behind each of the clitics that may be attached to it, or its words run together.
    """
    first, *rest = name
    firsts = [clitic + first for clitic in ("", *LETTER_CLITICS)]
    if first.startswith(ARTICLE):
        firsts += [f"{clitic}لل{first.removeprefix(ARTICLE)}" for clitic in ("", "و", "ف")]
    joined = "".join(rest)
    return [
        node
        for field in fields
        for word in firsts
        for node in (
            Phrase(field, "exact", (word, *rest), boost=FIELD_BOOST[field] * PHRASE_BOOST),
            term(field, "exact", word + joined),
        )
    ]


def all_of(nodes: Sequence[Node]) -> Node:
    """Return a node that requires each of these; a single one stays as it is, unless it is an exclusion."""
    if len(nodes) == 1 and not isinstance(nodes[0], MustNot):
        return nodes[0]
    return AllOf(tuple(nodes))


def any_of(children: Iterable[Node]) -> Node:
    """Return a node that requires any of these, duplicates removed; a single one stays as it is."""
    unique = tuple(dict.fromkeys(children))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def or_branches(node: Node) -> tuple[Node, ...]:
    """Return the children of an OR, else the node alone."""
    return node.children if isinstance(node, AnyOf) and node.at_least == 1 else (node,)


def is_active(expansion: Expansion, without: Sequence[str], included: Sequence[str]) -> bool:
    """Return True if an expansion is searched: by its kind, or by the reader's choice.

    The reader chooses by any name with the same key. What is only offered has to be included; everything else
    is searched unless it was switched off.
    """
    key = expansion_key(expansion.shown)
    if expansion.is_offered:
        return key in map(expansion_key, included)
    return WITHOUT_ALL_EXPANSIONS not in without and key not in map(expansion_key, without)


def expansion_key(shown: str) -> str:
    """Return one key for names that match the same articles (كانون الثاني, كانون ثاني).

    They share a switch: with only one of them off, the other would still match.
    """
    return " ".join(map(light_stem, normalized_terms(shown))) or shown


def expansion_terms(
    expansion: Expansion, typed: str, fields: Sequence[TextField], level: SearchLevel, words: int
) -> list[Node]:
    """Return the nodes of an expansion of `words` typed words, of which `typed` is the first token.

    It is an alternative for each of them, and their scores add up, so each takes 1/`words` of its weight. A
    verb or a noun of action is a form of the word almost, and weighs by its rarity like one.
    """
    boost = EXPANSION_BOOST / words
    if expansion.kind == "derivation":
        boost = RELATED_BOOST * rarity_weight(typed)
    name = expansion.label
    row = expansion.words
    if expansion.term:
        if level == "all":
            return lemma_terms(expansion.term, fields, boost, name)
        # The level "light" has no lemma field. A name of several words is a phrase there.
        row = tuple(normalized_terms(expansion.shown)) if expansion.kind in ("month", "alias") else ()
        if len(row) < 2:
            return []
    if len(row) == 1:
        word = row[0]
        # A dictionary word is searched by its lemmas: the stem of سوري is also that of سورة.
        depth: SearchLevel = "light" if level == "light" and not lemmas(word) else "exact"
        found = token_terms(word, fields, depth, boost, name)
        own = _own_lemmas(word) if level == "all" else []
        return found + [
            leaf for form, share in own for leaf in lemma_terms(form, fields, boost * share, name)
        ]
    return [
        phrase(row, [field], level=depth, boost=boost * EXPANSION_PHRASE_LEVEL_SHARE, label=name)
        for field in fields
        for depth in ("exact", "light")
    ]


def _own_lemmas(word: str) -> list[tuple[str, float]]:
    """Return the lemma terms of the word itself, with their weights.

    Other analyses of it are wrong for a name or a number: يوليه is July, not "entrusts him"; سيرغي is no form
    of رغي.
    """
    itself = {word, word.removeprefix("ال")}
    own = [
        (form, share)
        for form, share in weighted_lemmas(word)
        if not form.isalpha() or lemma_letters(form) in itself
    ]
    return own or [(oov_term(word), 1.0)]
