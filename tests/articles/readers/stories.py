"""Stories that the files of other programs hold in tests."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

WORDS = (
    "أعلنت البلدية بدء أعمال صيانة الجسر القديم على النهر وقال رئيسها إن العمل يستمر ثلاثة أشهر ويشمل "
    "إنارة الطريق وأضاف أن السكان سيستخدمون طريقا بديلا يمر بالسوق الغربي حتى انتهاء الموسم وأن الكلفة "
    "تتحملها الوزارة"
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it should come out of any file."""

    number: int
    title: str
    body: str
    day: date
    source: str = "النهر"
    author: str = "ليلى ناصر"

    @property
    def url(self) -> str:
        return f"http://nahr.example.org/news/{self.number}"

    @property
    def english_day(self) -> str:
        return f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day.year}"

    @property
    def american_day(self) -> str:
        return f"{MONTHS[self.day.month - 1]} {self.day.day}, {self.day.year} {self.day:%A}"


def draw_stories(count: int, seed: int) -> list[Story]:
    """Return stories of different texts and days."""
    draw = random.Random(seed)  # noqa: S311  not a secret
    words = WORDS.split()
    days = sorted(draw.sample(range(4_500), count))
    return [
        Story(
            number,
            " ".join(draw.sample(words, draw.randint(4, 8))),
            " ".join(draw.sample(words, draw.randint(18, len(words))))
            + f" وبلغ العدد {draw.randint(100, 999)} شخصا.",
            date(2011, 1, 2) + timedelta(days=day),
        )
        for number, day in enumerate(days, start=1)
    ]
