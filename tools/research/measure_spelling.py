"""Measure arabic.spelling.spellcheck and arabic.spelling.keyboard on real articles with damaged words.

    .venv/bin/python -m tools.research.measure_spelling ARTICLES.jsonl.gz

The articles are those of `import_articles` (one JSON object with `title` and `body` per line); they supply
the vocabulary, and their headlines the words. The random choices are seeded: the same file gives the same
results.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from arabic.spelling.keyboard import arabic_key_map, fix_keyboard_layout
from arabic.spelling.spellcheck import LONG_LETTERS, SHORT_LETTERS, corrections
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.vocabulary.word_counts import count_words

SEED = 20261123
DAMAGED, TYPED = 2000, 400
#: Articles from which on a damaged word counts as another word, and those that a word to damage must be in.
KNOWN, WORTH_FINDING = 3, 2
#: This many of the longest words are damaged twice.
TWICE_LETTERS, TWICE = 8, 0.25
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىىةوزظ")
SOUNDS = ("ضظ", "زذ", "سص", "تط", "هح", "اع", "قك", "ثس", "دض", "ثت")
Damage = Callable[[str, random.Random], str]


def _at_random(word: str, dice: random.Random, change: Callable[[int], str]) -> str:
    return change(dice.randrange(len(word)))


def beside(word: str, dice: random.Random) -> str:
    """Replace a letter by that of a neighbouring key, in any of the three rows."""
    at = dice.randrange(len(word))
    keys = [
        rows[near]
        for row, rows in enumerate(ROWS)
        for other, letters in enumerate(ROWS)
        if abs(row - other) <= 1 and word[at] in letters
        for near in _touching(letters.index(word[at]), row - other)
        if 0 <= near < len(rows) and rows[near] != word[at]
    ]
    return word[:at] + dice.choice(keys) + word[at + 1 :] if keys else word


def _touching(key: int, rows_down: int) -> tuple[int, int]:
    return {0: (key - 1, key + 1), 1: (key - 1, key), -1: (key, key + 1)}[rows_down]


def sound(word: str, dice: random.Random) -> str:
    """Replace a letter by one that sounds alike."""
    ways = [
        (at, pair.replace(letter, "")) for pair in SOUNDS for at, letter in enumerate(word) if letter in pair
    ]
    at, other = dice.choice(ways) if ways else (0, word[0])
    return word[:at] + other + word[at + 1 :]


def vowel(word: str, dice: random.Random) -> str:
    """Omit or insert a long vowel."""
    places = [at for at in range(1, len(word)) if word[at] in "اوي"]
    if places and dice.random() < 0.6:
        at = dice.choice(places)
        return word[:at] + word[at + 1 :]
    at = dice.randrange(1, len(word))
    return word[:at] + dice.choice("اوي") + word[at:]


def hamza(word: str, dice: random.Random) -> str:
    """Omit a hamza, or replace it with a letter that can carry one."""
    return word.replace("ء", dice.choice(["", "و", "ي", "ا"]), 1)


DAMAGES: dict[str, Damage] = {
    "a letter that sounds alike": sound,
    "a hamza or its seat": hamza,
    "a letter doubled": lambda word, dice: _at_random(
        word, dice, lambda at: word[:at] + word[at] + word[at:]
    ),
    "two letters swapped": lambda word, dice: _at_random(
        word, dice, lambda at: word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    ),
    "a long vowel left out or put in": vowel,
    "the key beside": beside,
    "a letter left out": lambda word, dice: _at_random(word, dice, lambda at: word[:at] + word[at + 1 :]),
    "another letter": lambda word, dice: _at_random(
        word, dice, lambda at: word[:at] + dice.choice(LETTERS) + word[at + 1 :]
    ),
}


def damaged_words(
    titles: Sequence[str], known: Vocabulary, dice: random.Random
) -> Iterator[tuple[str, str, str]]:
    """Yield (word, damaged, kind) endlessly."""
    while True:
        words = [word for word in normalized_terms(dice.choice(titles)) if _is_worth(word, known)]
        if not words:
            continue
        word, kind = dice.choice(words), dice.choice(list(DAMAGES))
        wrong = DAMAGES[kind](word, dice)
        if len(word) >= TWICE_LETTERS and dice.random() < TWICE:
            wrong = DAMAGES[dice.choice(list(DAMAGES))](wrong, dice)
        folded = normalized_terms(wrong)
        if len(folded) == 1 and folded[0] != word and known.count(folded[0]) < KNOWN:
            yield word, folded[0], kind


def _is_worth(word: str, known: Vocabulary) -> bool:
    return len(word) > SHORT_LETTERS and "ء" <= word[0] <= "ي" and known.count(word) >= WORTH_FINDING


def typed_wrong(word: str) -> str:
    """Return what the keys of a word in the Arabic layout type in the Latin one."""
    keys = {letters: key for key, letters in reversed(arabic_key_map().items())}
    pairs, at = "", 0
    while at < len(word):
        size = 2 if word[at : at + 2] in keys else 1
        pairs += keys.get(word[at : at + size], word[at])
        at += size
    return pairs


def report_corrections(titles: Sequence[str], known: Vocabulary, dice: random.Random) -> None:
    """Print the shares of damaged words whose original is first, and among the first five."""
    tallies: dict[str, Counter[str]] = {}
    seconds = 0.0
    for _, (word, wrong, kind) in zip(range(DAMAGED), damaged_words(titles, known, dice), strict=False):
        began = time.process_time()
        found = [each.word for each in corrections(wrong, known)]
        seconds += time.process_time() - began
        size = f"{LONG_LETTERS} letters and more" if len(wrong) >= LONG_LETTERS else "shorter"
        for group in (kind, size, "all"):
            tally = tallies.setdefault(group, Counter())
            tally.update(all=1, first=found[:1] == [word], five=word in found)
    for group, tally in sorted(tallies.items(), key=lambda pair: pair[1]["all"]):
        shares = [100 * tally[each] / tally["all"] for each in ("first", "five")]
        print(f"{group:<34} {tally['all']:>5}   first {shares[0]:5.1f} %   first five {shares[1]:5.1f} %")
    print(f"{1000 * seconds / DAMAGED:.1f} ms of processor time a word")


def report_keyboard(titles: Sequence[str], dice: random.Random) -> None:
    """Print the shares of words and of beginnings of headlines that are read from the other layout's keys."""
    for size in (1, 3):
        texts = [
            [word for word in title.split() if word.isalpha() and len(word) >= 3][:size] for title in titles
        ]
        chosen = dice.sample([" ".join(words) for words in texts if len(words) == size], TYPED)
        read = sum(
            normalized_terms(fix_keyboard_layout(typed_wrong(text)) or "") == normalized_terms(text)
            for text in chosen
        )
        print(f"{size} words on the other layout: {100 * read / TYPED:.1f} % read")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path)
    path: Path = parser.parse_args().articles
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    titles = [str(each.get("title") or "") for each in articles]
    known = Vocabulary(
        *count_words(
            (title, str(each.get("body") or "")) for title, each in zip(titles, articles, strict=True)
        ).counts()
    )
    print(f"{len(articles)} articles, {len(known)} words")
    dice = random.Random(SEED)  # noqa: S311  no secret
    report_corrections(titles, known, dice)
    report_keyboard(titles, dice)


if __name__ == "__main__":
    main()
