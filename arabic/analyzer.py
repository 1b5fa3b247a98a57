"""The forms of a word: exact (folded), light (stem), and the bag (names, lemmas, what no dictionary has)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from arabic.expansion.misspellings import misspelt_name
from arabic.expansion.months import month_and_word, month_marks
from arabic.expansion.synonyms import byname_marks, may_be_byname
from arabic.morphology.analyzed_words import WordType, listed_types
from arabic.morphology.decompounding import SHIPPED, Splitter
from arabic.morphology.lemmatizer import lemmas, unknown_stems
from arabic.morphology.light10 import light10, strip_suffixes
from arabic.morphology.protected_words import may_begin_name, name_form, name_runs, protected_names
from arabic.tables.gazetteer import DATA, folded_words
from arabic.vocabulary.frequencies import is_listed, probability

#: Raise it when code changes what a text's forms are; the tables count by themselves.
CODE_VERSION = 7
#: Endings a noun takes in news, written behind a root-waw word to find its inflected forms.
_ENDINGS = ("", "ا", "ان", "ين", "ون", "ات", "ي", "ه", "ها", "هم", "هما", "نا", "يه", "تان", "تين")
_AFTER_TA = ("ه", "ها", "هم", "هما", "نا", "ان", "ين", "ي")
#: What light10 takes off the ends of words that are none of a kind; how often one is met to be reckoned with.
_SHARED_ENDINGS = ("", "ه", "يه", "ان", "ين", "ات", "ون")
_COMMON = 1e-6
#: Word types of a large archive; a cache without a bound would keep every typo for ever. What a type is made
#: of is hardly asked for again but by queries.
_TYPES, _CACHE_SIZE = 100_000, 5_000


@cache
def _overrides() -> dict[str, str]:
    overrides = _names_behind_clitics()
    for word in folded_words("waw_words.tsv"):
        stem = word.removesuffix("ه")
        inflected = {word + ending for ending in _ENDINGS} | {stem + ending for ending in _ENDINGS if ending}
        if stem != word:
            inflected |= {stem + "ت" + ending for ending in _AFTER_TA}
        overrides |= {form: strip_suffixes(form) for form in inflected}
    return overrides | protected_names()


def _names_behind_clitics() -> dict[str, str]:
    """Protected names behind what light10 cuts off, and their marked forms: ولبنان must not become لبن."""
    found: dict[str, str] = {}
    for name, form in protected_names().items():
        found[f"و{name}"] = form
        if name.startswith("ال"):
            found |= {f"{clitic}{name}": form for clitic in "بكف"}
            found[f"لل{name[2:]}"] = form
    return found


def light_overrides() -> list[tuple[str, str]]:
    """(exact, light) for the tokens that light10 must not touch: protected names, also behind the clitics
    that it cuts off, become their marked form; words whose root begins with waw (وزير) keep it. Sorted; for
    Elasticsearch's `stemmer_override`."""
    return sorted(_overrides().items())


@lru_cache(_CACHE_SIZE)
def light(exact: str) -> str:
    """The light form of a folded token."""
    return _overrides().get(exact) or light10(exact)


@lru_cache(_CACHE_SIZE)
def is_stem_shared(exact: str) -> bool:
    """Whether a dictionary word has its light stem together with a common word that shares no lemma with it
    (جمعية and جمعة, مكتب and مكتبة, سلطة and سلطان): the stem finds the wrong one. The adjective of a noun
    (سياسة, سياسي) is no other word."""
    own = lemmas(exact)
    if not own:
        return False
    stem = light(exact)
    for word in (stem + ending for ending in _SHARED_ENDINGS):
        if word == exact or probability(word) < _COMMON or light(word) != stem:
            continue
        others = lemmas(word)
        of_both = {*own, *others}
        if others and len(of_both) == len(own) + len(others) and stem + "ي" not in of_both:
            return True
    return False


@lru_cache(_CACHE_SIZE)
def word_forms(exact: str) -> tuple[str, ...]:
    """What the bag holds of a word by itself: the name in it, its lemmas; of a word that no dictionary
    knows, what remains without clitics, and the mark of the name that it misspells."""
    name = name_form(exact)
    if found := lemmas(exact):
        return (name, *found) if name else found
    if name:
        return (name,)
    misspelt = misspelt_name(exact)
    return (misspelt, *unknown_stems(exact)) if misspelt else unknown_stems(exact)


class WordTypes(dict[str, WordType]):
    """The word types of texts that are cut by one splitter, worked out when they are first met: the words of
    news come back. (A cache that knows which was used last costs more than it spares.)"""

    def __init__(self, splitter: Splitter) -> None:
        super().__init__()
        self._splitter = splitter

    def __missing__(self, word: str) -> WordType:
        if len(self) >= _TYPES:
            self.clear()
        found = listed_types.get(word)
        if found is None:
            found = self._work_out(word)
            if is_listed(word):
                listed_types.met[word] = found
        self[word] = found
        return found

    def _work_out(self, word: str) -> WordType:
        forms = _with_parts(word, self._splitter.parts(word))
        asks = may_begin_name(word) or may_be_byname(word) or bool(month_and_word(word))
        return WordType(light(word), " ".join(forms), asks)


#: Those of the archive, and of the shipped tables alone.
word_types = lru_cache(maxsize=2)(WordTypes)


def _marks(exact_terms: Sequence[str], at: Sequence[int], bags: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, form) of what the words around a token add to its bag; `at`: the tokens that ask."""
    for run in name_runs(exact_terms, at):
        yield from (
            (here, run.form) for here in range(run.start, run.end) if run.form not in bags[here].split()
        )
    yield from month_marks(exact_terms, at)
    yield from byname_marks(exact_terms, at)


def light_and_bags(exact_terms: Sequence[str], splitter: Splitter = SHIPPED) -> tuple[list[str], list[str]]:
    """For each folded token of a text its light form, and the forms it adds to the bag, joined by spaces; a
    name of several words stands on each of its tokens (beside the name that a token is by itself), all forms
    of the parts on a run-together word."""
    types = list(map(word_types(splitter).__getitem__, exact_terms))
    bags = [each.bag for each in types]
    if at := [here for here, each in enumerate(types) if each.asks]:
        for here, form in list(_marks(exact_terms, at, bags)):
            bags[here] = f"{bags[here]} {form}" if bags[here] else form
    return [each.light for each in types], bags


def token_forms(exact_terms: Sequence[str], splitter: Splitter = SHIPPED) -> list[tuple[str, ...]]:
    """For each folded token of a text the forms it adds to the bag."""
    return [tuple(each.split()) for each in light_and_bags(exact_terms, splitter)[1]]


def _with_parts(word: str, parts: Sequence[str]) -> tuple[str, ...]:
    """The forms of a word, of its parts and of the names of several words among them, each once."""
    if not parts:
        return word_forms(word)
    some = [word_forms(word), *map(word_forms, parts), [run.form for run in name_runs(parts)]]
    return tuple(dict.fromkeys(form for forms in some for form in forms))


def bag(exact_terms: Sequence[str], splitter: Splitter = SHIPPED) -> list[str]:
    """All forms of a text in order, repeated as often as they occur; for the `forms` field."""
    return " ".join(light_and_bags(exact_terms, splitter)[1]).split()


@cache
def analysis_version() -> str:
    """A hash over the tables and the code version: an index built under another one must be rebuilt."""
    digest = hashlib.sha256(str(CODE_VERSION).encode())
    for table in sorted(path for path in DATA.iterdir() if path.suffix in (".tsv", ".gz", ".marisa")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    return digest.hexdigest()[:12]
