"""Dictionary lemmas of a normalized word, analyzed through its clitics.

A word is divided into proclitics, stem and enclitics in every way that Arabic allows; the stem is looked up
in `data/lexicon.marisa` (made by tools/lexicon/build_lexicon.py from the tables of AlKhalil Morpho Sys 2),
where each of its lemmas carries P(lemma) * P(stem | lemma). Multiplied by the weights of the clitics this
ranks the analyses. So وزير is the minister, though و + زير is possible Arabic too, and حملتهم is both "their
campaign" and "it carried them".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from arabic.morphology.affixes import ARTICLE, FUNCTION_WORDS, with_madda
from arabic.morphology.clitics import (
    ENCLITICS,
    ENCLITICS_BY_LAST_LETTER,
    NO_ENCLITIC,
    NO_PROCLITIC,
    PROCLITICS,
    PROCLITICS_BY_FIRST_LETTER,
    RARE,
)
from arabic.morphology.protected_words import is_ambiguous_name, is_protected, month_name, name_term
from arabic.morphology.reading_choice import MIN_SHARE, TANWEEN, MorphAnalysis, believed_analyses
from arabic.morphology.stem_lexicon import (
    TENS,
    Stem,
    StemSpelling,
    foreign_names,
    lemma_letters,
    lemma_roots,
    meant_letters_weight,
    person_lemma,
    spelling_weight,
    stem_entries,
    stem_spellings,
)
from arabic.tables.gazetteer import name_key, read_table
from arabic.text.tokenizer import normalized_term
from arabic.vocabulary.frequencies import probability

#: Factor for an analysis that removes a letter from a word which can be analyzed whole.
_CLITIC_DOUBT = 0.05
#: How many times likelier than other words a function word behind such a letter must be to keep its weight.
_SURE_PARTICLE = 2.0
#: Weight of an analysis that some corpus attests.
_MIN_ATTESTED_WEIGHT = 1e-7
#: A word may be this many times as frequent as an analysis that cuts its first letter makes it; a stem that
#: remains without such a letter is at least this likely.
_CHANCE, _MIN_CUT_STEM = 1000.0, 1e-9
#: The same of a stem that no list has, of a word that is listed, and of a stem between such a letter and an
#: enclitic that news hardly has: فالفيك is not ف + الفي + ك.
_MIN_RARE_STEM, _MIN_STEM_BETWEEN = 1e-6, 1e-5
#: The least weight of a stem with "your", which news writes of few things.
_MIN_STEM_WITH_YOU, _SHORT, _MIN_WITH_ME = 3e-5, 4, 1e-8
#: What remains of a word without its first letter is no chance if it is this frequent: لمدة, بفيروس.
_FREQUENT_REST = 3e-5
#: A foreign name, alone or behind one of these letters, is no other word that is less likely than this share.
_NAME_LETTERS, _RARE_BESIDE_NAME = frozenset(("", "و", "ف", "ب", "ل")), 0.3
#: A name behind a letter is at most this share as frequent as the name alone.
_NAME_BEHIND_LETTER = 0.3
MAX_LEMMAS = 4
#: Within a name a word of its own, which «ابن» means too: names are no sons («أبناؤنا», البن).
SON_OF, _SON = "بن", "ابن"
_SON_OF_WORDS = (SON_OF, f"و{SON_OF}", f"ف{SON_OF}")
#: Factor for a tanween behind an article or before a pronoun, or of a verb.
_IMPOSSIBLE = 0.001
#: Factor for أ in an article: ألحق is "attached" rather than "the right".
_ARTICLE_WITH_HAMZA = 0.0001
#: Ends the lemma of a function word with its preposition: no lemma has this letter.
_WITH_PREPOSITION = "t"
#: Words that are others with the article: days of the week, الآن, النحو, الأقصى.
_OTHERS = ("أحد", "اثنين", "خميس", "آن", "عند", "نحو", "حول", "بين", "أقصى")
_OTHER_WITH_ARTICLE = frozenset(map(normalized_term, _OTHERS))
#: Precedes the stem of an out-of-vocabulary word, so that it cannot equal a lemma.
OOV_MARKER = "~"
MIN_OOV_STEM = 4
_CACHE_SIZE = 10_000


@lru_cache(_CACHE_SIZE)
def roots(word: str) -> tuple[str, ...]:
    """Return the roots of a word's lemmas, normalized.

    Words of one root may have quite different meanings (كتيبة, كتاب): a root may rank hits, it does not match
    any.
    """
    return tuple(sorted({root for lemma in lemmas(word) for root in lemma_roots(lemma)}))


def morph_analyses(token: str) -> list[MorphAnalysis]:
    """Return all analyses of a normalized word, the likeliest first."""
    return _rank_analyses(_analyses(token, "") or _analyses(normalized_term(with_madda(token)), ""))


@lru_cache(256)  # several questions about a word follow each other when it is first met
def written_analyses(word: str) -> tuple[MorphAnalysis, ...]:
    """Return all analyses of a written term, the likeliest first; the letters as written weigh."""
    found = _analyses(normalized_term(word), word) or _analyses(normalized_term(w := with_madda(word)), w)
    return tuple(_rank_analyses(found))  # as written, if there is such a word: فؤاد is no ف + آد


def _analyses(token: str, word: str) -> list[MorphAnalysis]:
    """Return all analyses of a normalized word; if it is given as written too, its letters weigh."""
    has_tanween = word[-1:] == TANWEEN
    written = word.removesuffix(TANWEEN)
    if len(written) != len(token):  # a letter vanished before a hamza
        written = ""
    found: list[MorphAnalysis] = []
    enclitics = [
        each for each in ENCLITICS_BY_LAST_LETTER.get(token[-1:], NO_ENCLITIC) if token.endswith(each[0])
    ]
    for proclitic, before, proclitic_weight, definite, needs_imperfect in PROCLITICS_BY_FIRST_LETTER.get(
        token[:1], NO_PROCLITIC
    ):
        if not token.startswith(proclitic):
            continue
        for enclitic, behind, enclitic_weight in NO_ENCLITIC if definite else enclitics:
            start, end = len(proclitic), len(token) - len(enclitic)
            if end - start < 2:
                continue
            entries = [
                (entry, spelling)
                for spelling in stem_spellings(token[start:end], proclitic, enclitic)
                for entry in stem_entries(spelling.stem)
                if entry.kind in before
                and entry.kind in behind
                and (entry.takes_article or not definite)
                and (entry.takes_pronoun or not enclitic)
                and (entry.takes_future or not needs_imperfect or entry.kind != "V")
                and entry.written.endswith(spelling.last)
            ]
            if not entries:  # most ways to divide a word
                continue
            weight = proclitic_weight * enclitic_weight
            if written:
                weight *= spelling_weight(
                    zip(written[:start] + written[end:], proclitic + enclitic, strict=True)
                )
                if has_tanween and (definite or enclitic):
                    weight *= _IMPOSSIBLE
                if definite and "أ" in written[:start]:
                    weight *= _ARTICLE_WITH_HAMZA
            middle = written[start:end]
            found += [
                MorphAnalysis(
                    _lemma_with(proclitic, spelling.stem, entry, definite=definite),
                    entry.kind,
                    proclitic,
                    spelling.stem,
                    enclitic,
                    weight * _entry_weight(entry, spelling, middle, has_tanween),
                )
                for entry, spelling in entries
            ]
    return found


def _lemma_with(proclitic: str, stem: str, entry: Stem, *, definite: bool) -> str:
    """Return the lemma of an entry behind a proclitic.

    A function word with its preposition is a word of its own (لمن, بأن), and no verb of these letters (بلا).
    So are some nouns with their article: الأحد is not "one".
    """
    if definite:
        return ARTICLE + entry.lemma if stem in _OTHER_WITH_ARTICLE else entry.lemma
    preposition = proclitic.lstrip("وفا")
    return (
        f"{preposition}{entry.lemma}{_WITH_PREPOSITION}" if preposition and entry.kind == "T" else entry.lemma
    )


def _entry_weight(entry: Stem, spelling: StemSpelling, written: str, has_tanween: bool) -> float:
    """Return the weight of an entry times that of its letters, if the word is given as written."""
    if not written:
        return entry.weight
    spelled = entry.written[spelling.first :] if spelling.first else entry.written
    weight = entry.weight
    if spelled != written:
        # The last letter of a changed spelling is not in the text; zip stops before it.
        known = written if spelling.first or not spelling.is_changed else written[:-1]
        weight *= spelling_weight(zip(known, spelled, strict=False))
        weight *= meant_letters_weight(known, spelled, entry.kind)
    return weight * _IMPOSSIBLE if has_tanween and not entry.takes_tanween else weight


def _rank_analyses(found: list[MorphAnalysis]) -> list[MorphAnalysis]:
    """Sort analyses by weight, the likeliest first.

    An analysis that removes a first letter as a clitic is discounted if the word can be analyzed whole:
    the letter may belong to the root. Not so a function word that is likelier than any word of these letters:
    بلا is "without".
    """
    if any(not analysis.proclitic and analysis.weight >= _MIN_ATTESTED_WEIGHT for analysis in found):
        best = max((analysis.weight for analysis in found if analysis.kind != "T"), default=0.0)
        found = [
            analysis._replace(weight=analysis.weight * _CLITIC_DOUBT)
            if analysis.proclitic
            and not PROCLITICS[analysis.proclitic][2]
            and (analysis.kind != "T" or analysis.weight < best * _SURE_PARTICLE)
            else analysis
            for analysis in found
        ]
    if len(found) > 1:
        found.sort(key=lambda analysis: (-analysis.weight, analysis.lemma, analysis.proclitic))
    return found


@lru_cache(_CACHE_SIZE)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the lemmas of a written term, the likeliest first.

    At most `MAX_LEMMAS`; () if the dictionary has no such word. A protected name has no lemma.
    """
    token = normalized_term(word)
    if is_protected(token):
        return ()
    is_son_of = token in _SON_OF_WORDS
    if other := person_lemma(SON_OF) if is_son_of else month_name(token) or compound_preposition(token):
        return (other,)
    likely = written_analyses(word)
    if name_term(token) and not is_ambiguous_name(token):  # بحمص is not a word; والي is one, and also و + الي
        likely = tuple(analysis for analysis in likely if not analysis.proclitic)
    if (name := _lemmas_of_foreign_name(likely, token)) is not None:
        return name
    if not likely:
        return ()
    if _is_cut_by_chance(likely[0], token) or _is_your_by_chance(likely[0], token):
        return ()
    found = tuple(dict.fromkeys(each.lemma for each in believed_analyses(likely, token, word)))[:MAX_LEMMAS]
    means_name = token.endswith(_SON) and not token.endswith(ARTICLE + _SON) and _SON in found
    return (*found, person_lemma(SON_OF)) if means_name else found


@lru_cache(_CACHE_SIZE)
def likeliest_lemmas(word: str) -> tuple[str, ...]:
    """Return those of a written term's lemmas that are about as likely as the likeliest, which is one."""
    own = lemmas(word)
    weights = [(each.weight, each.lemma) for each in written_analyses(word) if each.lemma in own]
    best = max(weights, default=(0.0, ""))[0]
    near = {lemma for weight, lemma in weights if weight >= best * MIN_SHARE}
    return tuple(lemma for lemma in own if lemma in near)


def compound_preposition(token: str) -> str:
    """Return the lemma of a preposition with a noun that is a word of its own, also after "and"; else ""."""
    found = _compound_prepositions()
    return found.get(token) or (found.get(token[1:], "") if token[:1] in ("و", "ف") else "")


@cache
def _compound_prepositions() -> dict[str, str]:
    """Map the words of compound_prepositions.tsv to their lemmas: no noun has one with this ending."""
    rows = read_table("compound_prepositions.tsv")
    return {name_key(row["word"]): row["lemma"] + _WITH_PREPOSITION for row in rows}


def _lemmas_of_foreign_name(likely: Sequence[MorphAnalysis], token: str) -> tuple[str, ...] | None:
    """Return the lemmas of the foreign name that a word is, alone or behind a letter; None if it is none.

    The lexicon has شارون as "buyers", تشيني as a verb, لبوتين as two lionesses.
    """
    for letters in ("", token[:1]):
        name = token[len(letters) :]
        if letters not in _NAME_LETTERS or name not in foreign_names():
            continue
        expected = probability(name) * PROCLITICS[letters][1]
        if likely and (
            likely[0].stem == lemma_letters(likely[0].lemma) == name
            or likely[0].proclitic == ARTICLE  # الكونغرس is كونغرس
            or likely[0].weight > expected * _RARE_BESIDE_NAME
        ):
            return None
        if letters:
            found = lemmas(name)
            # لابيد alone is read as a verb, so للابيد stays unknown.
            return found if not found or name in map(lemma_letters, found) else None
        # The second is what unknown words have behind their article: البارزاني is بارزاني.
        return (person_lemma(name), OOV_MARKER + name) if likely else None
    return None


def _is_your_by_chance(best: MorphAnalysis, token: str) -> bool:
    """Return True for a short word in ك that is hardly "your …" (فارك), or an unlisted one in ني (هزاني)."""
    if ENCLITICS[best.enclitic][1] == RARE and best.weight < _MIN_WITH_ME and not probability(token):
        return True
    if best.enclitic != "ك" or best.kind == "T" or len(token) > _SHORT:
        return False
    return best.weight < _MIN_STEM_WITH_YOU * RARE


def _is_cut_by_chance(best: MorphAnalysis, token: str) -> bool:
    """Return True if a word is not its likeliest analysis, because a letter of its own looks like a clitic.

    That is so where a stem that no corpus attests remains (باوسون), or where the word is far more frequent
    than such an analysis makes it (سيلفا), or than the name that remains makes it (بلاتيني); and the rest is
    no frequent word (لمدة). Nor is it one where only the whole is listed and the rest hardly known (فيدال).
    """
    if not best.proclitic or PROCLITICS[best.proclitic][2]:
        return False
    own, rest = probability(token), probability(token[len(best.proclitic) :])
    if rest >= _FREQUENT_REST:
        return False
    if best.proclitic[0] == "ا":  # the interrogative: أورهان is not "or a bet?"
        return True
    if best.kind == "P" and best.lemma not in TENS and own > rest * _NAME_BEHIND_LETTER:
        return True
    weight = best.weight / (PROCLITICS[best.proclitic][1] * ENCLITICS[best.enclitic][1])
    if not rest and own and not best.enclitic and weight < _MIN_RARE_STEM:
        return True
    least = _MIN_STEM_BETWEEN if ENCLITICS[best.enclitic][1] == RARE else _MIN_CUT_STEM
    return own >= rest and (own > best.weight * _CHANCE or weight < least)


@lru_cache(_CACHE_SIZE)
def oov_stem_terms(token: str) -> tuple[str, ...]:
    """Return the terms of an out-of-vocabulary word (a surname, a foreign name).

    These are the word itself and what remains without any clitics that may precede it, each with
    `OOV_MARKER`. At least `MIN_OOV_STEM` letters remain.
    """
    if not token.isalpha() or is_protected(token):
        return ()
    stems = [token := normalized_term(with_madda(token))]
    for proclitic, kinds, *_ in PROCLITICS_BY_FIRST_LETTER.get(token[0], ()):
        rest = token[len(proclitic) :]
        if proclitic and "P" in kinds and token.startswith(proclitic) and len(rest) >= MIN_OOV_STEM:
            stems.append(rest)
            if proclitic.endswith("لل"):
                stems.append("ل" + rest)
    return tuple(OOV_MARKER + stem for stem in dict.fromkeys(stems))


def oov_term(token: str) -> str:
    """Return the lemma-field term of a normalized out-of-vocabulary word."""
    return OOV_MARKER + token


def is_word(token: str) -> bool:
    """Return True if a normalized token can be analyzed as a word of the dictionary."""
    return bool(lemmas(token))


def is_noun_with_pronoun(word: str) -> bool:
    """Return True if a word is, most likely, a noun that a pronoun makes definite: وطنك, لوطنهم."""
    likeliest = morph_analyses(word)[:1] if word and word not in FUNCTION_WORDS else []
    return any(each.enclitic and each.kind == "N" for each in likeliest)
