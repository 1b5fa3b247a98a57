"""Finds what is beside a name: words that say what it is (data/place_cues.tsv), and other names in a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from arabic.morphology.protected_words import clitic_readings
from arabic.places.toponym_matcher import RequiredContext, ToponymMatch, ToponymMatches
from arabic.tables.gazetteer import read_table
from arabic.text.normalization import normalize

#: Punctuation that separates lists; a comma does not.
_LIST_BREAKS = frozenset('.!؟?:;؛\n()[]«»"“”')

#: Effects of words before a name. After a title only the name of a town or district can follow; a quarter has
#: its own name, not that of a town for which it or a street is named.
TITLE, INSTITUTION, QUARTER, CLUB = "titles", "institution", "quarter", "club"
#: Those which say that something happens there, whatever else has the name.
LOCATING = frozenset((TITLE, "settles", INSTITUTION, QUARTER, "event"))
IN_WORDS = frozenset(map(normalize, ("في", "داخل", "خارج", "نحو", "صوب", "قرب", "عند")))
PREPOSITIONS = frozenset(map(normalize, ("من", "إلى", "عن", "على", "بين", "نحو", "حتى")))


@cache
def cues() -> dict[str, str]:
    """Map each normalized cue word to its effect."""
    return {normalize(row["word"]): row["effect"] for row in read_table("place_cues.tsv")}


@lru_cache(20_000)
def cue(word: str) -> str | None:
    """Return the effect of a word before a name, after clitics: titles, settles, denies, leads or others."""
    effects = cues()
    return next((effects[reading] for reading in clitic_readings(word) if reading in effects), None)


def word_before(toponyms: ToponymMatches, match: ToponymMatch) -> str:
    """Return the word before a name in its phrase, "" if the name begins the phrase."""
    return toponyms.words[match.first - 1] if toponyms.is_phrase(match.first) else ""


def word_after(toponyms: ToponymMatches, match: ToponymMatch) -> str:
    """Return the word after a name in its phrase, "" if the name ends it."""
    return toponyms.words[match.last] if toponyms.is_phrase(match.last) else ""


def cue_before(toponyms: ToponymMatches, match: ToponymMatch) -> str | None:
    """Return the effect of the word before the name in its phrase."""
    before = word_before(toponyms, match)
    return cue(before) if before else None


def is_conjoined(toponyms: ToponymMatches, second: ToponymMatch) -> bool:
    """Return True if "and" or a comma joins a name to the word before it."""
    if not 0 < second.first < len(toponyms.words):
        return False
    gap = toponyms.gaps[second.first]
    return _LIST_BREAKS.isdisjoint(gap) and (second.clitics == "و" or "،" in gap or "," in gap)


def is_hashtag(toponyms: ToponymMatches, match: ToponymMatch) -> bool:
    """Return True if the name alone is a hashtag: #معان, not #معان_الآن."""
    inside = (toponyms.gaps[at] for at in range(match.first + 1, match.last))
    opened = toponyms.gaps[match.first].endswith("#") and not match.clitics
    return opened and not toponyms.gaps[match.last].startswith("_") and all(gap == "_" for gap in inside)


def iter_name_lists(toponyms: ToponymMatches) -> Iterator[list[ToponymMatch]]:
    """Yield lists of two or more names, each joined to the one before by "and", a comma or "#"."""
    run: list[ToponymMatch] = []
    for match in toponyms.matches:
        if run and match.first == run[-1].last and _are_joined(toponyms, run[-1], match):
            run.append(match)
            continue
        if len(run) > 1:
            yield run
        run = [match]
    if len(run) > 1:
        yield run


def _are_joined(toponyms: ToponymMatches, first: ToponymMatch, second: ToponymMatch) -> bool:
    """Return True if two adjacent names are conjoined or both hashtags."""
    return is_conjoined(toponyms, second) or (is_hashtag(toponyms, first) and is_hashtag(toponyms, second))


def may_share_country(run: Sequence[ToponymMatch]) -> bool:
    """Return True if the names can be places of one country, and none of them is primarily a word."""
    common = set.intersection(*({entry.country for entry in match.entries} for match in run))
    return bool(common) and all(match.needs is not RequiredContext.TITLE for match in run)


def may_share_governorate(run: Sequence[ToponymMatch]) -> bool:
    """Return True if two names require no context, and all can lie in one governorate.

    If so, each is a place, even if it is also a word (قارة والنبك ويبرود).
    """
    sure = [match for match in run if match.needs is RequiredContext.NOTHING]
    divisions = [{entry.governorate_key for entry in match.entries} - {""} for match in run]
    return len(sure) > 1 and bool(set.intersection(*divisions))


def may_support(match: ToponymMatch, other: ToponymMatch) -> bool:
    """Return True if a place next to the name is evidence for it; for a village, only one of its country."""
    return not match.entries[0].needs or have_common_country(match, other)


def may_support_in_list(match: ToponymMatch, other: ToponymMatch) -> bool:
    """Return True if a place in a list with the name is evidence for it.

    A country is no evidence for a name that is primarily another word: الشام والعراق are the Levant and Iraq.
    """
    if match.needs is RequiredContext.CONTEXT and other.entries[0].kind == "country":
        return False
    return may_support(match, other)


def have_common_country(match: ToponymMatch, other: ToponymMatch) -> bool:
    """Return True if two names can be places of one country."""
    return not {entry.country for entry in match.entries}.isdisjoint(entry.country for entry in other.entries)
