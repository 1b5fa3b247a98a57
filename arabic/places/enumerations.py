"""Names of a text that stand together: in a list, in a row of hashtags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from arabic.places.toponym_matcher import Match, Needs, Reading

#: What parts the members of a list of places; a comma does not.
_LIST_BREAKS = frozenset('.!؟?:;؛\n()[]«»"“”')


def and_or_comma(reading: Reading, second: Match) -> bool:
    """Whether "and" or a comma joins a name to the word before it."""
    if not 0 < second.first < len(reading.words):
        return False
    gap = reading.gaps[second.first]
    return _LIST_BREAKS.isdisjoint(gap) and (second.clitics == "و" or "،" in gap or "," in gap)


def in_hashtag(reading: Reading, match: Match) -> bool:
    """Whether the name is a hashtag by itself: #معان, not #معان_الآن."""
    inside = (reading.gaps[at] for at in range(match.first + 1, match.last))
    opened = reading.gaps[match.first].endswith("#") and not match.clitics
    return opened and not reading.gaps[match.last].startswith("_") and all(gap == "_" for gap in inside)


def runs(reading: Reading) -> Iterator[list[Match]]:
    """Two names or more, each joined to the one before by "and", a comma or as the next hashtag."""
    run: list[Match] = []
    for match in reading.matches:
        if run and match.first == run[-1].last and _joined(reading, run[-1], match):
            run.append(match)
            continue
        if len(run) > 1:
            yield run
        run = [match]
    if len(run) > 1:
        yield run


def _joined(reading: Reading, first: Match, second: Match) -> bool:
    return and_or_comma(reading, second) or (in_hashtag(reading, first) and in_hashtag(reading, second))


def compatible(run: Sequence[Match]) -> bool:
    """Whether the names can be places of one country, and none is first of all a word."""
    common = set.intersection(*({entry.country for entry in match.entries} for match in run))
    return bool(common) and all(match.needs is not Needs.TITLE for match in run)


def of_one_governorate(run: Sequence[Match]) -> bool:
    """Whether two of the names need nothing, and all can lie in one governorate: then each is a place,
    whatever word it is besides (قارة والنبك ويبرود)."""
    sure = [match for match in run if match.needs is Needs.NOTHING]
    divisions = [{entry.governorate_key for entry in match.entries} - {""} for match in run]
    return len(sure) > 1 and bool(set.intersection(*divisions))


def neighbours(match: Match, other: Match) -> bool:
    """Whether a place beside the name can tell that it is one: a village's name beside its country's only."""
    return not match.entries[0].needs or compatible_countries(match, other)


def listed(match: Match, other: Match) -> bool:
    """Whether a place in one list with the name can. No country does for a name that is first of all another
    word: الشام والعراق are the Levant and Iraq."""
    if match.needs is Needs.CONTEXT and other.entries[0].kind == "country":
        return False
    return neighbours(match, other)


def compatible_countries(match: Match, other: Match) -> bool:
    """Whether two names can be places of one country."""
    return not {entry.country for entry in match.entries}.isdisjoint(entry.country for entry in other.entries)
