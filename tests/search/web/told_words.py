"""The words that one article alone has, and the ways in which a reader may type them."""

from __future__ import annotations

from dataclasses import dataclass

#: The keys of the Arabic letters of the common words on a Latin keyboard.
_KEYS = dict(zip("ضصثقفغعهخحشسيبلاتنمءر", "qwertyuiopasdfghjklxv", strict=True))
ABSENT = "زنجفيلسان"


@dataclass(frozen=True)
class Told:
    """Words that one article alone has. Title, body, source and city are invented words; `common` is not."""

    title: str
    body: str
    common: str
    name: str
    source: str
    city: str
    year: str
    id: int = 0

    @property
    def secrets(self) -> frozenset[str]:
        """Return the words that must not appear while the article is hidden."""
        return frozenset((self.title, self.body, self.common, self.name, self.source, self.city, self.year))


def nothing(told: Told) -> str:
    return ""


def word(told: Told) -> str:
    return told.title


def inflected(told: Told) -> str:
    return f"وب{told.title}"


def beginning(told: Told) -> str:
    return told.title[:5]


def prefix(told: Told) -> str:
    return f"{told.title[:5]}*"


def infix(told: Told) -> str:
    return f"*{told.title[1:6]}*"


def phrase(told: Told) -> str:
    return f'"خبر {told.title}"'


def misspelt(told: Told) -> str:
    return told.title[:4] + told.title[5] + told.title[4] + told.title[6:]


def latin_keys(told: Told) -> str:
    return "".join(_KEYS[letter] for letter in told.common)


def run_together(told: Told) -> str:
    return f"مدينة{told.common}"


def egyptian_spelling(told: Told) -> str:
    return told.name.replace("غ", "ج")


def with_absent(told: Told) -> str:
    return f"{told.title} {ABSENT}"


def misspelt_with_absent(told: Told) -> str:
    return f"{misspelt(told)} {ABSENT}"


def source_beginning(told: Told) -> str:
    return told.source[:5]


def city_beginning(told: Told) -> str:
    return told.city[:5]
