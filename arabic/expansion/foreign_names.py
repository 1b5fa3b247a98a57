"""Spellings of foreign names: what Arab papers make of a sound that Arabic writes in several ways.

سيرجي is سيرغي, غوانتانامو is جوانتانامو, كلنتون is كلينتون. The rules work on any word that is no native
Arabic one, without a list of names; foreign_names.tsv adds the names that read like an Arabic word (سيرغي "he
will foam") and the spellings that no rule reaches. Words are folded tokens throughout.
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

#: A shorter name is one edit away from too many other words; foreign_names.tsv knows some of them.
MIN_LETTERS = 4
#: Up to this length one edit is all that a name bears.
SHORT_LETTERS = 5
#: From this length on two names of the dictionary that the rules make one are one (نتنياهو, نتانياهو).
LONG_NAME = 6
#: Variants of a word at most: known to the frequency list, and by rule alone. Each is a few terms.
MAX_LISTED, MAX_UNLISTED = 14, 8
#: Dearer than this, two spellings have too little in common; what no list knows must be nearer.
MAX_COST, MAX_COST_UNLISTED = 2.2, 1.25
#: A second edit comes on top of a cheap one only (their order does not matter).
MAX_FIRST = 0.9
#: Letters that no Arab editor writes for a foreign sound: who bears them is an Arab name, spelt in one way.
_ARABIC_ONLY = frozenset("عحضظذ")
_VOWELS = "اوي"
#: "To the ...": what follows is hardly ever a name that begins with these letters.
_AFTER_LAM = ("لل", "ولل")
#: How "of it" ends, and what the base may have lost before it: ألماني from ألمانيا, آسيوي from آسيا.
_OF, _LOST = ("ي", "يه", "يا", "يون", "يين", "يات", "وي", "ويه"), ("", "ا", "يا", "ه")

#: One sound, several letters (folded: ڤ is ف, پ is ب, گ is ك, چ is ج), and what it costs to change them.
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
#: Spellings that more than one letter tells apart, and what each way costs. ^ and $ are the word's ends.
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
#: A long vowel between consonants: left out, or written.
_VOWEL_LESS, _FIRST_VOWEL_LESS, _VOWEL_MORE = 0.8, 1.2, 1.0
_DOUBLE_COST = 0.8


def foreign_spellings(token: str) -> tuple[str, ...]:
    """Other spellings of a folded token, likeliest first; () for a native Arabic word. None is a native word
    or another place's name. The article stays as typed, light stems look through it; other clitics before a
    name of the table are gone (لرويترز: رويتر)."""
    known = tuple(word for word in listed_spellings(token) if word != token)
    if not known:
        for name in clitic_readings(token, MIN_LETTERS):
            if name != token and (behind := listed_spellings(name)):
                return tuple(word for word in behind if word != name)
    return tuple(dict.fromkeys((*known, *_spellings_by_rule(token))))


def listed_spellings(token: str) -> tuple[str, ...]:
    """Every spelling that foreign_names.tsv gives the name, itself included; () if it is not there."""
    groups = _spelling_groups()
    if token in groups:
        return groups[token]
    bare = token.removeprefix(ARTICLE)
    return tuple(ARTICLE + word for word in groups.get(bare, ())) if bare != token else ()


def multiword_spellings() -> Iterator[tuple[str, ...]]:
    """The rows of foreign_names.tsv in which a spelling is two words (يو تيوب): they are aliases."""
    for row in read_table("foreign_names.tsv"):
        if " " in row["spellings"]:
            yield tuple(row["spellings"].split("|"))


@cache
def _spelling_groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in read_table("foreign_names.tsv"):
        words = tuple(
            dict.fromkeys(name_key(word) for word in row["spellings"].split("|") if " " not in word)
        )
        for word in words:
            found[word] = tuple(dict.fromkeys((*found.get(word, ()), *words)))
    return found


def is_foreign(token: str) -> bool:
    """Whether a folded token looks like a name or loanword that Arabic took over: no native word, no letter
    that only Arabic words have, and no place of an Arab country (nor any place behind a clitic)."""
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
    """Whether it is an adjective of a place or a word (ألماني, والتونسية, آسيوي): that is Arabic grammar."""
    for word in clitic_readings(token, MIN_LETTERS):
        bare = word.removeprefix(ARTICLE)
        for ending in _OF:
            base = bare.removesuffix(ending)
            whole = (base + rest for rest in _LOST if base + rest != bare)  # كاليفورنيا is not of itself
            if base != bare and len(base) >= 3 and any(map(_is_known, whole)):
                return True
    return False


def _is_known(word: str) -> bool:
    return bool(name_term(word) or name_term(ARTICLE + word) or morph_analyses(word))


def _is_native(token: str) -> bool:
    """Whether its likeliest reading is a word of Arabic; of a name or loanword it is that name itself."""
    found = morph_analyses(token)
    return bool(found) and found[0].kind != "P"


@lru_cache(20_000)
def _spellings_by_rule(token: str) -> tuple[str, ...]:
    if not is_foreign(token):
        return ()
    # Elsa and Alexander begin with the article's letters as well: the rest bears the rules in both cases.
    article = ARTICLE if token.startswith(ARTICLE) and len(token) >= len(ARTICLE) + MIN_LETTERS else ""
    core = token[len(article) :]
    is_free = _free_spelling_test(token)
    listed: list[str] = []
    unlisted: list[str] = []
    # What no list knows is left to guess only where the table has not said how the name is spelt.
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
    """What tells whether a variant of the word is no word of its own: neither native nor another name. Where
    the dictionary has the typed name (نزار) and it is short, any name it also has is another one (نصار)."""
    term, own = name_term(token), set(listed_spellings(token))
    strict = len(token) < LONG_NAME and bool(morph_analyses(token))

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
        return not (morph_analyses(variant) if strict else _is_native(variant))

    return is_free


def _is_arab(place: GazetteerEntry) -> bool:
    return place.country in ARAB_COUNTRIES


def _ranked_edits(core: str) -> list[tuple[float, str]]:
    """(cost, variant) after one edit or two, cheapest first."""
    costs = {word: cost for cost, word in _edits(core)}
    if len(core) > SHORT_LETTERS:
        for word, first in list(costs.items()):
            if first > MAX_FIRST:
                continue
            for second, variant in _edits(word):
                if first + second <= MAX_COST and first + second < costs.get(variant, MAX_COST + 1):
                    costs[variant] = first + second
    costs.pop(core, None)
    # A ya before hamza is folded away: no token has one.
    ranked = ((cost, word) for word, cost in costs.items() if len(word) >= MIN_LETTERS and "يء" not in word)
    return sorted(ranked)


@lru_cache(5_000)
def _edits(word: str) -> tuple[tuple[float, str], ...]:
    """Every word that is one rule away: a sound's other letter (everywhere in the word, or once), a cluster,
    a long vowel or a doubled letter more or less."""
    return (*_letter_edits(word), *_cluster_edits(word), *_vowel_edits(word), *_double_edits(word))


def _letter_edits(word: str) -> Iterator[tuple[float, str]]:
    for family, cost in _FAMILIES:
        for old, new in ((family[0], family[1]), (family[1], family[0])):
            if old not in word or old in _VOWELS:
                continue
            yield cost, word.replace(old, new)
            yield from ((cost, word[:at] + new + word[at + 1 :]) for at in _occurrences(old, word))


def _cluster_edits(word: str) -> Iterator[tuple[float, str]]:
    marked = f"^{word}$"
    for one, other, there, back in _CLUSTERS:
        for old, new, cost in ((one, other, there), (other, one, back)):
            for at in _occurrences(old, marked):
                if at == 1 and old[0] in _VOWELS:  # how a word begins is what the anchored rules are for
                    continue
                yield cost, (marked[:at] + new + marked[at + len(old) :]).strip("^$")


def _occurrences(part: str, word: str) -> list[int]:
    return [at for at in range(len(word)) if word.startswith(part, at)]


def _vowel_edits(word: str) -> Iterator[tuple[float, str]]:
    """Long vowels inside the word. In a short one every vowel counts: none is taken away."""
    for at in range(1, len(word)):
        before, here = word[at - 1], word[at]
        if here in _VOWELS and at < len(word) - 1 and len(word) > SHORT_LETTERS:
            yield _VOWEL_LESS if at > 1 else _FIRST_VOWEL_LESS, word[:at] + word[at + 1 :]
        if here not in _VOWELS and before not in _VOWELS:
            yield from ((_VOWEL_MORE, word[:at] + vowel + word[at:]) for vowel in _VOWELS)


def _double_edits(word: str) -> Iterator[tuple[float, str]]:
    for at in range(1, len(word)):
        if word[at] == word[at - 1] and word[at] not in _VOWELS:
            yield _DOUBLE_COST, word[:at] + word[at + 1 :]
