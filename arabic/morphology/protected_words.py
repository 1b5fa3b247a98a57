"""Protected names: place names that no other word's stem may match, and that are recognized after clitics.

حلب is not حلبات, الرقة is not ورقة, and بحمص names حمص. The term of a name begins with `NAME_MARKER`, which
no tokenizer or stemmer can produce, so that it equals nothing but itself. Spellings and aliases of one place
(سوريا/سورية, كوباني/عين العرب) share one term. Names of several words (دير الزور, الأمم المتحدة, كانون
الثاني) are those of places, organisations and months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from arabic.morphology.affixes import ARTICLE, FUNCTION_WORDS
from arabic.tables.gazetteer import (
    GazetteerEntry,
    ambiguous_names,
    country_adjectives,
    gazetteer,
    name_key,
    read_table,
    read_word_set,
)

NAME_MARKER = "§"
_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بلك"
#: A word that begins with any other letter has no clitic.
CLITIC_LETTERS = frozenset(_CONJUNCTIONS + _PREPOSITIONS)
#: A shorter rest is more often a word than a name (بكان, وقم), unless more words of the name follow it (بتل
#: أبيض).
MIN_STRIPPED_LETTERS, MIN_FIRST_WORD_LETTERS = 3, 2
#: A shorter name of several words is not recognized as one word: فو لي is not فولي.
MIN_JOINED = 5
#: Names of months that are also ordinary words or names of people: father; he practised; young; I was given;
#: mine.
AMBIGUOUS_MONTHS = frozenset(map(name_key, ("آب", "مارس", "جوان", "أوت", "ماي")))
#: Names that are also nouns which a genitive follows: guardians (or a mother-in-law) of.
CONSTRUCT_NOUNS = frozenset(map(name_key, ("حماة",)))
#: Words with an article that follow a place as often: the Hama that, Hama today.
_NOT_GENITIVES = frozenset(map(name_key, ("إلا", "ألا", "الآن", "اليوم", "البارحة", "التي", "اللتين")))
#: Effects of place_cues.tsv: what follows such a word is the place.
_LOCATING_EFFECTS = frozenset(("titles", "settles", "institution", "quarter", "event", "leads"))
#: They stand before the place and before the noun.
_PREPOSITIONS_BEFORE = frozenset(map(name_key, ("من", "إلى", "عن", "على", "بين", "نحو", "حتى")))
_IN = name_key("في")
_FOR_THEM = frozenset(map(name_key, ("له", "لها", "لهم", "لنا")))
_CACHE_SIZE = 15_000
#: A word is asked a dozen times, by its analysis and by the rules for places.
_CACHED_READINGS = 5_000


@dataclass(frozen=True, slots=True)
class MultiwordName:
    """A name of several words at tokens [start, end); one token if its words were written together.

    It is a place, an organisation or a month of the shipped tables.
    """

    start: int
    end: int
    term: str


@lru_cache(_CACHED_READINGS)
def clitic_readings(token: str, shortest: int = MIN_STRIPPED_LETTERS) -> tuple[str, ...]:
    """Return the token itself, then what remains without و ف and ب ل ك, with the article restored after لل.

    A word of not_clitics.tsv only looks like a clitic and a name: it stays whole, also after و and ف. Rests
    shorter than `shortest` letters are left out.
    """
    if token in unsplittable_words():
        return (token,)
    rests = [token[1:]] if token[:1] and token[0] in _CONJUNCTIONS else []
    for rest in (token, *rests):
        if rest[:1] and rest[0] in _PREPOSITIONS and rest not in unsplittable_words():
            rests.append(rest[1:])
            if rest.startswith("لل"):
                rests.append(ARTICLE + rest[2:])
    return (token, *[rest for rest in rests if len(rest) >= shortest])


@cache
def unsplittable_words() -> frozenset[str]:
    """Return the words that must not be split into clitics and a name."""
    return read_word_set("not_clitics.tsv")


def is_joined_spelling(key: str) -> bool:
    """Return True if a name of several words is recognized when they are run together (ديرالزور).

    Exceptions: numbers (الفرقة 17), short names, and what is also a word (names_ambiguous.tsv: لا سرنا and
    لأسرنا).
    """
    joined = key.replace(" ", "")
    return joined.isalpha() and len(joined) >= MIN_JOINED and joined not in ambiguous_names()


class _Names:
    """Lookup tables of the gazetteer's protected names."""

    def __init__(self) -> None:
        self.single: dict[str, str] = {}
        #: Names that are also words: recognized after clitics like the others, but not protected.
        self.ambiguous: dict[str, str] = {}
        #: Names of several words by their joined spelling: of protected places, and all others. These are not
        #: protected, because their words are ordinary ones (حزبالله also has the word حزب).
        self.joined: dict[str, str] = {}
        self.joined_words: dict[str, str] = {}
        #: First word → (the other words, term), longest first.
        self.runs: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        several: dict[str, str] = {}
        listed: dict[str, str] = {}
        for key, term in _protected_terms():
            if " " in key:
                several[key] = term
            else:
                (self.ambiguous if key in ambiguous_names() else self.single)[key] = term
        for key, term in chain(_month_terms(), _organisation_terms(), _other_place_terms()):
            if key not in several:
                listed.setdefault(key, term)
        for key, term in (several | listed).items():
            first, *rest = key.split(" ")
            if is_joined_spelling(key):
                joined = self.joined if key in several else self.joined_words
                joined.setdefault(key.replace(" ", ""), term)
            self.runs.setdefault(first, []).append((tuple(rest), term))
        for tails in self.runs.values():
            tails.sort(key=lambda tail: -len(tail[0]))

    def term_of(self, word: str) -> str | None:
        """Return the term of a word without clitics, or None if it is not a name."""
        return self.single.get(word) or self.joined.get(word) or self.ambiguous.get(word)


def _protected_terms() -> Iterator[tuple[str, str]]:
    """Yield each name key of a protected place with its term.

    The term is made of the canonical name of the best place with that name, or of the name itself where one
    of the two is also a word.
    """
    ambiguous = ambiguous_names()
    for key, entries in gazetteer().name_keys():
        best = next((entry for entry in entries if entry.protected), None)
        if best is None:
            continue
        if key in best.strong_keys():
            yield key, NAME_MARKER + _term_name(best, key, ambiguous).replace(" ", "")


def _other_place_terms() -> Iterator[tuple[str, str]]:
    """Yield each name key of several words of a place that is not protected, with its term."""
    for key, entries in gazetteer().name_keys():
        if " " not in key or key in ambiguous_names():
            continue
        for entry in entries:
            if not entry.protected and key in entry.strong_keys():
                yield key, NAME_MARKER + name_key(entry.name).replace(" ", "")
                break


def _month_terms() -> Iterator[tuple[str, str]]:
    """Yield each name key of several words of a month with its term.

    The spellings of one month's name share a term: كانون الثاني and كانون ثاني, ذو الحجة and ذي الحجة.
    """
    terms: dict[tuple[str, str], str] = {}
    for table in ("months.tsv", "hijri_months.tsv"):
        for row in read_table(table):
            key = name_key(row["name"])
            if " " in key:
                term = terms.setdefault((table, row["month"]), NAME_MARKER + key.replace(" ", ""))
                yield key, term


def _organisation_terms() -> Iterator[tuple[str, str]]:
    """Yield each name key of several words of an organisation with its term.

    Every name has a term of its own, because librarians edit which names an organisation has. Only a name
    that contains another one of the organisation (مجلس الأمن الدولي, مجلس الأمن) has the term of that one:
    whoever writes the longer name has written the shorter one too.
    """
    for row in read_table("organisations.tsv"):
        names = (row["name"], *row["other_names"].split("|"))
        keys = [key for key in map(name_key, names) if " " in key]
        keys.sort(key=lambda key: key.count(" "))  # stable: of two names of one length the first one counts
        for key in keys:
            inner = next(each for each in keys if f" {each} " in f" {key} ")
            yield key, NAME_MARKER + inner.replace(" ", "")


def _term_name(entry: GazetteerEntry, key: str, ambiguous: frozenset[str]) -> str:
    """Return the name key that the term of `key` is made of."""
    canonical = name_key(entry.name)
    return key if canonical in ambiguous or key in ambiguous else canonical


@cache
def _names() -> _Names:
    """Return the lookup tables, built on first use."""
    return _Names()


@lru_cache(_CACHE_SIZE)
def _term_through_clitics(token: str) -> str | None:
    """Return the term of the name in a token after clitics, or None if there is none."""
    names = _names()
    return next((term for word in clitic_readings(token) if (term := names.term_of(word))), None)


def is_protected(token: str) -> bool:
    """Return True if a normalized token is a protected name as it stands, without clitics."""
    return token in _names().single or token in _names().joined


def is_ambiguous_name(token: str) -> bool:
    """Return True if a token is, after clitics, a name that is a dictionary word as well (وتدمر)."""
    names = _names()
    named = next((word for word in clitic_readings(token) if names.term_of(word)), None)
    return named in names.ambiguous and named not in names.single and named not in names.joined


@cache
def _months() -> frozenset[str]:
    """Return the words that only name months; of two words (كانون الثاني) the first."""
    names = {name_key(row["name"]).split(" ")[0] for row in read_table("months.tsv")}
    return frozenset(name for name in names - AMBIGUOUS_MONTHS if not name.isascii())


def month_name(token: str) -> str | None:
    """Return the name of a month in a normalized token, after clitics; None if there is none.

    Like a protected name it is no form of another word: كانون is not "they were".
    """
    return next((word for word in clitic_readings(token) if word in _months()), None)


@cache
def protected_names() -> dict[str, str]:
    """Map every protected name of one token (joined spellings too) to its term. Do not change the dict."""
    return _names().joined | _names().single


def name_term(token: str) -> str | None:
    """Return the term of the name in a normalized token, after clitics: بحمص → §حمص; else None.

    Names that are also words (تدمر) have a term too, without being protected.
    """
    return _term_through_clitics(token)


@cache
def given_names() -> frozenset[str]:
    """Return the given names that are no other words."""
    return frozenset(name_key(row["name"]) for row in read_table("given_names.tsv") if row["also"] != "word")


@cache
def _locating_words() -> frozenset[str]:
    """Return the words after which a name is the place, whatever follows it."""
    rows = read_table("place_cues.tsv")
    found = frozenset(name_key(row["word"]) for row in rows if row["effect"] in _LOCATING_EFFECTS)
    return found - _PREPOSITIONS_BEFORE


@lru_cache(_CACHE_SIZE)
def may_be_construct_noun(token: str) -> bool:
    """Return True if a normalized token is, after clitics, a name that is also a noun before a genitive."""
    return not CONSTRUCT_NOUNS.isdisjoint(clitic_readings(token))


def is_definite(word: str) -> bool:
    """Return True if a normalized word has the article or is a person's name, and may be a genitive."""
    if word in FUNCTION_WORDS or word in _NOT_GENITIVES:
        return False
    return word.startswith(ARTICLE) or word in given_names()


def is_construct_noun(before: str, token: str, after: str, *, has_pronoun: bool) -> bool:
    """Return True if a token of `CONSTRUCT_NOUNS` is the noun and not the place (حماة الوطن, حماة للوطن).

    `before`, `after`: the words beside it in the same phrase, or "". `has_pronoun`: whether `after` is a noun
    with a pronoun, behind ل or not (حماة أمننا).
    """
    if after in country_adjectives():
        return False
    serves = after.startswith("لل") or after in _FOR_THEM or (has_pronoun and after.startswith("ل"))
    if serves and _goes_there(before, token):
        return False
    if not (serves or has_pronoun or is_definite(after)):
        return False
    return token not in CONSTRUCT_NOUNS or _locating_words().isdisjoint(clitic_readings(before))


def _goes_there(before: str, token: str) -> bool:
    """Return True if a preposition stands before a name: من حماة للعلاج, بحماة."""
    return before in _PREPOSITIONS_BEFORE or before == _IN or token[0] == "ب"


@lru_cache(_CACHE_SIZE)
def _name_continuations(token: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return (further words, term) of the names of several words that may begin at a token."""
    runs = _names().runs
    readings = clitic_readings(token, MIN_FIRST_WORD_LETTERS)
    return tuple(tail for word in readings for tail in runs.get(word, ()))


def may_begin_name(token: str) -> bool:
    """Return True if a name of several words may begin at a normalized token."""
    return bool(_name_continuations(token) or _joined_term(token))


def find_multiword_names(tokens: Sequence[str], at: Iterable[int] | None = None) -> list[MultiwordName]:
    """Return names of several words among normalized tokens, the longest at each position.

    A shorter name at the beginning of a longer one is another thing (الاتحاد الأوروبي لكرة القدم is not
    الاتحاد الأوروبي) and is left out. One that begins inside a longer name is named by it (صندوق الأمم
    المتحدة للسكان names الأمم المتحدة) and follows it, unless both have one term. Names do not overlap
    otherwise. `at`: indexes of the tokens for which `may_begin_name` is true, ascending, if they are known.
    """
    found: list[MultiwordName] = []
    around = MultiwordName(0, 0, "")  # the last name that is not inside another one
    for start in range(len(tokens)) if at is None else at:
        is_inside = start < around.end
        for tail, term in _name_continuations(tokens[start]):
            end = start + 1 + len(tail)
            if tuple(tokens[start + 1 : end]) != tail or (is_inside and end > around.end):
                continue
            name = MultiwordName(start, end, term)
            if not is_inside:
                around = name
            if not is_inside or term != around.term:
                found.append(name)
            break
        else:
            joined = None if is_inside else _joined_term(tokens[start])
            if joined:
                found.append(MultiwordName(start, start + 1, joined))
    return found


@lru_cache(_CACHE_SIZE)
def _joined_term(token: str) -> str | None:
    """Return the term of a name of several words that a token has in its joined spelling, else None."""
    joined, words = _names().joined, _names().joined_words
    found = (joined.get(word) or words.get(word) for word in clitic_readings(token))
    return next(filter(None, found), None)
