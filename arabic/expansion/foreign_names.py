"""Spellings of foreign names: the ways in which Arab newspapers write a foreign sound.

سيرجي is سيرغي, غوانتانامو is جوانتانامو, كلنتون is كلينتون. The rules apply to any word that is not native
Arabic, without a list of names; foreign_names.tsv adds the names that read like an Arabic word (سيرغي "he
will foam") and the spellings that no rule reaches. Words are normalized tokens throughout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.lemmatizer import morph_analyses
from arabic.morphology.protected_words import clitic_readings, name_term
from arabic.tables.gazetteer import ARAB_COUNTRIES, GazetteerEntry, gazetteer, name_key, read_table
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: A shorter name is one edit away from too many other words; foreign_names.tsv has some of them.
MIN_LETTERS = 4
#: Up to this length only one edit is made.
SHORT_LETTERS = 5
#: From this length on two names of the dictionary that the rules make equal are the same (نتنياهو, نتانياهو).
LONG_NAME = 6
#: Maximum variants of a word: those in the frequency list, and those by rule alone. Each is a few search
#: terms.
MAX_LISTED, MAX_UNLISTED = 14, 8
#: Above this cost two spellings have too little in common; for a spelling in no list the limit is
#: lower.
MAX_COST, MAX_COST_UNLISTED = 2.2, 1.25
#: A second edit is combined only with a cheap one (in either order).
MAX_FIRST = 0.9
#: Letters that are not used for foreign sounds: a name with one of them is Arabic and has one spelling.
_ARABIC_ONLY = frozenset("عحضظذ")
_VOWELS = "اوي"
#: "To the ...": the rest is hardly ever a name that begins with these letters.
_AFTER_LAM = ("لل", "ولل")
#: Endings of the nisba adjective, and what the base may have lost before them: ألماني from ألمانيا, آسيوي
#: from آسيا.
_OF, _LOST = ("ي", "يه", "يا", "يون", "يين", "يات", "وي", "ويه"), ("", "ا", "يا", "ه")

#: Different letters for one sound (normalized: ڤ is ف, پ is ب, گ is ك, چ is ج), and the cost of exchanging
#: them.
_FAMILIES: tuple[tuple[str, float], ...] = (
    ("غج", 0.8),  # g: Levant, Egypt
    ("غك", 1.1),  # g: Levant, the Gulf and Iraq (گ)
    ("جك", 1.2),
    ("غق", 1.1),  # g: Libya, Yemen, Sudan
    ("قك", 1.1),  # k: قازاقستان, كازاخستان
    ("جق", 1.6),
    ("فب", 1.6),  # v: ڤ set as ف, read as b
    ("فو", 1.8),  # v and w in German and Slavic names
    ("تط", 1.0),  # t
    ("تث", 1.1),  # th
    ("سص", 1.0),  # s
    ("سز", 1.2),  # s and z between vowels
    ("سش", 1.8),  # the final s of Portuguese names
    ("دض", 1.8),
    ("خه", 1.8),  # Russian and Ukrainian h
)
#: Spellings that differ in more than one letter, and the cost in each direction. ^ and $ are the ends of the
#: word.
_CLUSTERS: tuple[tuple[str, str, float, float], ...] = (
    ("تش", "ش", 1.2, 1.2),
    ("تش", "ج", 1.3, 1.8),
    ("دج", "ج", 1.0, 1.6),
    ("وو", "و", 0.7, 1.6),
    ("يي", "ي", 0.7, 1.6),
    ("كس", "كز", 1.2, 1.2),
    ("اي", "ي", 0.9, 0.9),
    ("اي", "اء", 1.0, 1.0),
    ("يو", "و", 1.0, 1.5),
    ("ه$", "ا$", 0.7, 0.7),
    ("يه$", "يا$", 0.6, 0.6),
    ("و$", "$", 1.5, 1.8),
    ("^اس", "^س", 1.2, 1.2),
    ("^اي", "^ا", 0.9, 0.9),
    ("^او", "^ا", 1.0, 1.0),
    ("^و", "^وو", 0.8, 0.8),
)
#: A word that is a name in the first place is another word too, if that is at least this share as likely.
_WORD_SHARE = 0.05
#: A long vowel between consonants: omitted, or written.
_VOWEL_LESS, _FIRST_VOWEL_LESS, _VOWEL_MORE = 0.8, 1.2, 1.0
_DOUBLE_COST = 0.8


def foreign_spellings(token: str) -> tuple[str, ...]:
    """Return other spellings of a normalized token, likeliest first; () for a native Arabic word.

    No spelling is a native word or the name of another place. The article stays as typed, since light stems
    ignore it; other clitics before a name of the table are removed (لرويترز: رويتر).
    """
    known = tuple(word for word in listed_spellings(token) if word != token)
    if not known:
        for name in clitic_readings(token, MIN_LETTERS):
            if name != token and (behind := listed_spellings(name)):
                return tuple(word for word in behind if word != name)
    return tuple(dict.fromkeys((*known, *_spellings_by_rule(token))))


def listed_spellings(token: str) -> tuple[str, ...]:
    """Return all spellings of a name in foreign_names.tsv, itself included; () if it is not there."""
    groups = _spelling_groups()
    if token in groups:
        return groups[token]
    bare = token.removeprefix(ARTICLE)
    return tuple(ARTICLE + word for word in groups.get(bare, ())) if bare != token else ()


def multiword_spellings() -> Iterator[tuple[str, ...]]:
    """Yield the rows of foreign_names.tsv in which a spelling is two words (يو تيوب): they are synonyms."""
    for row in read_table("foreign_names.tsv"):
        if " " in row["spellings"]:
            yield tuple(row["spellings"].split("|"))


@cache
def _spelling_groups() -> dict[str, tuple[str, ...]]:
    """Map each normalized spelling to all one-word spellings of that name."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_table("foreign_names.tsv"):
        words = tuple(
            dict.fromkeys(name_key(word) for word in row["spellings"].split("|") if " " not in word)
        )
        for word in words:
            found[word] = tuple(dict.fromkeys((*found.get(word, ()), *words)))
    return found


def is_foreign(token: str) -> bool:
    """Return True if a normalized token looks like a foreign name or loanword.

    It is not a native word, has no letter that only Arabic words have, and is not a place of an Arab country
    (nor any place after a clitic).
    """
    if listed_spellings(token):
        return True
    if (
        len(token) < MIN_LETTERS
        or token.startswith(_AFTER_LAM)
        or not _ARABIC_WORD.fullmatch(token)
        or not _ARABIC_ONLY.isdisjoint(token)
    ):
        return False
    if _is_native(token) or _is_nisba(token):
        return False
    places = gazetteer().by_name_key(token)
    return not any(map(_is_arab, places)) if places else not name_term(token)


_ARABIC_WORD = re.compile("[\u0621-\u064a]+")


def _is_nisba(token: str) -> bool:
    """Return True if a word is an Arabic adjective formed from a place or word (ألماني, والتونسية, آسيوي)."""
    for word in clitic_readings(token, MIN_LETTERS):
        bare = word.removeprefix(ARTICLE)
        for ending in _OF:
            base = bare.removesuffix(ending)
            whole = (
                base + rest for rest in _LOST if base + rest != bare
            )  # كاليفورنيا is not derived from itself
            if base != bare and len(base) >= 3 and any(map(_is_known, whole)):
                return True
    return False


def _is_known(word: str) -> bool:
    """Return True if a word is a name or in the dictionary."""
    return bool(name_term(word) or name_term(ARTICLE + word) or morph_analyses(word))


def _is_native(token: str) -> bool:
    """Return True if the likeliest analysis of a word is not as a name."""
    found = morph_analyses(token)
    return bool(found) and found[0].kind != "P"


@lru_cache(20_000)
def _spellings_by_rule(token: str) -> tuple[str, ...]:
    """Return the spellings that the rules give, those of the frequency list first."""
    if not is_foreign(token):
        return ()
    # Elsa and Alexander begin with the letters of the article too: the rules apply to the rest in both cases.
    article = ARTICLE if token.startswith(ARTICLE) and len(token) >= len(ARTICLE) + MIN_LETTERS else ""
    core = token[len(article) :]
    is_free = _free_spelling_test(token)
    listed: list[str] = []
    unlisted: list[str] = []
    # Spellings that no list has are guessed only if the table does not have the name.
    most_unlisted = 0 if listed_spellings(token) else MAX_UNLISTED
    for cost, word in _ranked_edits(core):
        variant = article + word
        known = is_frequent_word(variant) or is_frequent_word(word)
        rows, most = (listed, MAX_LISTED) if known else (unlisted, most_unlisted)
        if len(rows) < most and (known or cost <= MAX_COST_UNLISTED) and is_free(variant) and is_free(word):
            rows.append(variant)
    listed.sort(key=lambda variant: -probability(variant))
    return (*listed, *unlisted)


def _free_spelling_test(token: str) -> Callable[[str], bool]:
    """Return a function that tests whether a variant of the word is neither native nor another name.

    If the dictionary has the typed name (نزار) and it is short, any other name in the dictionary is a
    different one (نصار). Two spellings that the dictionary has as nouns beside names are two words: موهوبة is
    not موهبة, nor الدكتاتور الدكتور.
    """
    term, own = name_term(token), set(listed_spellings(token))
    strict = len(token) < LONG_NAME and bool(morph_analyses(token))
    is_word = _is_word_too(token)

    def is_free(variant: str) -> bool:
        if variant in own or (listed_spellings(variant) and not own):
            return variant in own
        other = name_term(variant)
        if (
            other
            and other != term
            and (term or any(_is_arab(place) for place in gazetteer().by_name_key(variant)))
        ):
            return False
        if is_word and _is_word_too(variant):
            return False
        return not (morph_analyses(variant) if strict else _is_native(variant))

    return is_free


def _is_word_too(token: str) -> bool:
    """Return True if a word is more than a name, by an analysis about as likely as the likeliest."""
    found = morph_analyses(token)
    return any(each.kind != "P" and each.weight >= found[0].weight * _WORD_SHARE for each in found)


def _is_arab(place: GazetteerEntry) -> bool:
    """Return True if a place is in an Arab country."""
    return place.country in ARAB_COUNTRIES


def _ranked_edits(core: str) -> list[tuple[float, str]]:
    """Return (cost, variant) after one or two edits, cheapest first."""
    costs = {word: cost for cost, word in _edits(core)}
    if len(core) > SHORT_LETTERS:
        for word, first in list(costs.items()):
            if first > MAX_FIRST:
                continue
            for second, variant in _edits(word):
                if first + second <= MAX_COST and first + second < costs.get(variant, MAX_COST + 1):
                    costs[variant] = first + second
    costs.pop(core, None)
    # Normalization removes a ya before hamza: no token has one.
    ranked = ((cost, word) for word, cost in costs.items() if len(word) >= MIN_LETTERS and "يء" not in word)
    return sorted(ranked)


@lru_cache(5_000)
def _edits(word: str) -> tuple[tuple[float, str], ...]:
    """Return (cost, word) for every word that is one rule away.

    A rule exchanges a sound's letters (everywhere in the word, or once) or a cluster, or adds or removes a
    long vowel or removes a doubled letter.
    """
    return (*_letter_edits(word), *_cluster_edits(word), *_vowel_edits(word), *_double_edits(word))


def _letter_edits(word: str) -> Iterator[tuple[float, str]]:
    """Yield words with another letter for the same sound."""
    for family, cost in _FAMILIES:
        for old, new in ((family[0], family[1]), (family[1], family[0])):
            if old not in word or old in _VOWELS:
                continue
            yield cost, word.replace(old, new)
            yield from ((cost, word[:at] + new + word[at + 1 :]) for at in _occurrences(old, word))


def _cluster_edits(word: str) -> Iterator[tuple[float, str]]:
    """Yield words with another cluster for the same sound."""
    marked = f"^{word}$"
    for one, other, there, back in _CLUSTERS:
        for old, new, cost in ((one, other, there), (other, one, back)):
            for at in _occurrences(old, marked):
                if at == 1 and old[0] in _VOWELS:  # anchored rules cover the beginning of a word
                    continue
                yield cost, (marked[:at] + new + marked[at + len(old) :]).strip("^$")


def _occurrences(part: str, word: str) -> list[int]:
    """Return the indexes at which `part` occurs in a word."""
    return [at for at in range(len(word)) if word.startswith(part, at)]


def _vowel_edits(word: str) -> Iterator[tuple[float, str]]:
    """Yield words with one inner long vowel added or removed; none is removed from a short word."""
    for at in range(1, len(word)):
        before, here = word[at - 1], word[at]
        if here in _VOWELS and at < len(word) - 1 and len(word) > SHORT_LETTERS:
            yield _VOWEL_LESS if at > 1 else _FIRST_VOWEL_LESS, word[:at] + word[at + 1 :]
        if here not in _VOWELS and before not in _VOWELS:
            yield from ((_VOWEL_MORE, word[:at] + vowel + word[at:]) for vowel in _VOWELS)


def _double_edits(word: str) -> Iterator[tuple[float, str]]:
    """Yield words with one doubled consonant reduced."""
    for at in range(1, len(word)):
        if word[at] == word[at - 1] and word[at] not in _VOWELS:
            yield _DOUBLE_COST, word[:at] + word[at + 1 :]
