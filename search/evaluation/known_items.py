"""Known-item query sets made from any articles.

An article's own headline is the query: in full, as its first three content words, and as these words with one
of them damaged in the way that readers mistype words.

Known-item search is the usual way to measure without relevance judgements (Azzopardi, de Rijke and Balog
2007): a query is made from a document and succeeds when it retrieves that document.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from arabic.morphology.affixes import LETTER_CLITICS
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms, tokenize
from search.results import Record

#: Content words of a short query, as readers type two or three.
SHORT_WORDS = 3
#: An article needs enough text to be found by its headline.
MIN_BODY_WORDS = 20
#: A typing error in a shorter word more often gives another word than a misspelt one.
MIN_TYPO_LETTERS = 5
#: Normalized function words, which name no subject. Written for this project.
FUNCTION_WORDS = frozenset(
    normalize(
        "في من الى على عن مع منذ حتى بعد قبل بين تحت فوق عند لدى خلال حول ضد دون بدون عبر نحو امام وراء "
        "خلف ضمن و او ام ثم لكن بل اما اذا لو ان انه انها انهم كان كانت يكون تكون ليس ليست لا لم لن ما "
        "قد لقد سوف هل هذا هذه ذلك تلك هؤلاء هو هي هم هما نحن انا انت الذي التي الذين اللذان اللتان "
        "اللواتي كل بعض غير سوى اي ايضا كما كيف متى اين لماذا ماذا حيث حين عندما بينما لان كي اذ الا به "
        "له لها لهم فيه فيها منه منها عليه عليها اليه اليها عنه عنها بها بهم وفي ومن وعلى والى وعن يا "
        "نعم كلا جدا فقط حاليا عدم مثل كلما مما"
    ).split()
)
#: The letters of the usual Arabic keyboard, row by row.
_KEYBOARD = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ")
#: (spelling, another spelling), applied anywhere in a word or only at its end.
_SPELLINGS = (
    (r"[أإآ]", "ا"),
    (r"ة$", "ه"),
    (r"(?<=.)ى$", "ي"),
    (r"(?<=..)ي$", "ى"),
    (r"ئ", "ؤ"),
    (r"ؤ", "ئ"),
    (r"^ا(?!ل)", "أ"),
)
WordList = list[str]


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline used as a query: the articles that have it, and its first content words."""

    id: str
    text: str
    content: tuple[str, ...]
    relevant: tuple[str, ...]


def select_headlines(records: Iterable[Record], leave_out: frozenset[str] = frozenset()) -> list[Headline]:
    """Return the distinct headlines to query for, in the order of the records.

    `leave_out` names articles, by external id, that another set uses already. All articles with the same
    headline are relevant.
    """
    bearers: dict[str, list[Record]] = {}
    for record in records:
        if len(record.body.split()) >= MIN_BODY_WORDS:
            bearers.setdefault(" ".join(normalized_terms(record.title)), []).append(record)
    return [
        Headline(first.external_id, first.title.strip(), content, tuple(each.external_id for each in those))
        for those in bearers.values()
        for first in those[:1]
        if not any(each.external_id in leave_out for each in those)
        and len(content := content_words(first.title)) == SHORT_WORDS
    ]


def content_words(title: str) -> tuple[str, ...]:
    """Return the first SHORT_WORDS content words as written but without diacritics."""
    words = (
        "".join(letter for letter in title[token.start : token.end] if not _is_mark(letter))
        for token in tokenize(title)
        if len(token.normalized) > 1 and token.normalized.isalpha() and token.normalized not in FUNCTION_WORDS
    )
    return tuple(word for _, word in zip(range(SHORT_WORDS), words, strict=False))


def build_query_sets(asked: Sequence[Headline], seed: int) -> dict[str, list[dict[str, object]]]:
    """Return {"queries", "short", "noisy": [{id, text, relevant}]}, where noisy queries also have a `kind`.

    The `kind` is that of the damage. The same headlines and seed give the same sets.
    """
    sets: dict[str, list[dict[str, object]]] = {"queries": [], "short": [], "noisy": []}
    for each in asked:
        # One seed per headline: adding or removing a headline leaves the others as they were.
        kind, words = damage_words(each.content, seeded_random(f"{seed} {each.id}"))
        query: dict[str, object] = {"id": f"q-{each.id}", "text": each.text, "relevant": list(each.relevant)}
        sets["queries"].append(query)
        sets["short"].append({**query, "text": " ".join(each.content)})
        sets["noisy"].append({**query, "text": " ".join(words), "kind": kind})
    return sets


def seeded_random(seed: int | str) -> random.Random:
    """Return a random generator that makes the same choices for the same seed."""
    return random.Random(seed)  # noqa: S311  samples and damage, no secret


def damage_words(words: Sequence[str], chance: random.Random) -> tuple[str, WordList]:
    """Return a kind of DAMAGE_KINDS and the words with one damage of that kind."""
    kinds = list(DAMAGE_KINDS)
    chance.shuffle(kinds)
    for kind in kinds:
        if ways := list(DAMAGE_KINDS[kind](list(words), chance)):
            return kind, chance.choice(ways)
    return "none", list(words)


def _each_word(
    change: Callable[[str, random.Random], str],
) -> Callable[[WordList, random.Random], Iterator[WordList]]:
    """Return a function that yields the words with one of them changed, for each that `change` alters."""

    def ways(words: WordList, chance: random.Random) -> Iterator[WordList]:
        for at, word in enumerate(words):
            if (other := change(word, chance)) != word:
                yield [*words[:at], other, *words[at + 1 :]]

    return ways


def _joined(words: WordList, chance: random.Random) -> Iterator[WordList]:
    """Yield the words with two neighbours joined."""
    for at in range(len(words) - 1):
        yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def _clitic(word: str, chance: random.Random) -> str:
    """Prefix a conjunction, a preposition or both."""
    clitic = chance.choice(LETTER_CLITICS)
    return clitic + (f"ل{word[2:]}" if clitic.endswith("ل") and word.startswith("ال") else word)


def _article(word: str, chance: random.Random) -> str:
    """Remove the definite article, or add one."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else f"ال{word}"


def _spelling(word: str, chance: random.Random) -> str:
    """Change one letter to another common spelling: hamza and its carriers, ta marbuta, alef maqsura."""
    ways = [
        word[: found.start()] + other + word[found.end() :]
        for pattern, other in _SPELLINGS
        for found in re.finditer(pattern, word)
    ]
    return chance.choice(ways) if ways else word


def _typo(word: str, chance: random.Random) -> str:
    """Drop a letter, double it, swap it with the next, or replace it by one of a neighbouring key."""
    if len(word) < MIN_TYPO_LETTERS:
        return word
    at = chance.randrange(1, len(word) - 1)
    beside = _beside(word[at])
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            *([word[:at] + chance.choice(beside) + word[at + 1 :]] if beside else []),
        )
    )


def _beside(letter: str) -> str:
    row = next((row for row in _KEYBOARD if letter in row), "")
    at = row.find(letter)
    return row[max(0, at - 1) : at] + row[at + 1 : at + 2]


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn" or letter == "ـ"


#: The kinds of damage, each with every way to apply it.
DAMAGE_KINDS: Mapping[str, Callable[[WordList, random.Random], Iterator[WordList]]] = {
    "article": _each_word(_article),
    "clitic": _each_word(_clitic),
    "hamza": _each_word(_spelling),
    "joined": _joined,
    "typo": _each_word(_typo),
}
