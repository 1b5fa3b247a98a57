"""Invented articles for measurements, in any number and the same in every run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator


def _list(text: str) -> list[str]:
    return text.split("|")


ROOTS = _list("كتب|درس|قصف|وصل|خرج|دخل|فتح|حمل|نقل|ضرب|جمع|رفع|سمع|حكم|شهد|قتل|عمل|سكن|زرع|صنع")
#: Patterns that make a word of the three letters of its root.
SHAPES = _list("{0}{1}{2}|ال{0}{1}ا{2}|{0}ا{1}{2}|م{0}{1}و{2}|و{0}{1}{2}وا|ب{0}{1}{2}ة|ي{0}{1}{2}ون")
PLACES = _list("حمص|حلب|دمشق|حماة|درعا|إدلب|الرقة|اللاذقية|طرطوس|القامشلي|بيروت|عمان|القاهرة|جنيف")
MONTHS = _list("كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول")


def synthetic_articles(count: int, words: int) -> Iterator[str]:
    """Yield lines of jsonl, each an article with a text of `words` words."""
    chance = random.Random(7)  # noqa: S311  texts, no secret
    for number in range(count):
        text = [word(chance) for _ in range(words)]
        told = f"{chance.randint(1, 28)} {chance.choice(MONTHS)} 2014"
        text[words // 2] = f"في {chance.choice(PLACES)} يوم {told}."
        title = " ".join([word(chance), chance.choice(PLACES), *(word(chance) for _ in range(4))])
        day = f"201{chance.randint(1, 6)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        fields = {"id": str(number), "title": title, "body": " ".join(text), "date": day}
        yield json.dumps(fields | {"source": f"صحيفة {number % 9}"}, ensure_ascii=False)


def word(chance: random.Random) -> str:
    """Return an invented word of a known pattern; one in fifty has random letters."""
    root = chance.choice(ROOTS)
    letters = root if chance.random() < 0.98 else "".join(chance.choices("بتجدرسعفقلمنهي", k=3))
    return chance.choice(SHAPES).format(*letters)
