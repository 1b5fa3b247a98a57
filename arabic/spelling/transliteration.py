"""Transliteration: Arabic spellings of names in Latin letters. Lavrov is لافروف, al-Assad الأسد.

There is no single way: g is غ, ج, ق or ك; a may be omitted. Each letter or group therefore has its Arabic
options, each with a cost (our own table, from the usage of the Arab press); of the cheapest spellings those
known to the archive, the gazetteer or the frequency list come first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from heapq import nsmallest
from math import log10

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.protected_words import name_term
from arabic.spelling.latin_names import arabic_name
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import probability
from arabic.vocabulary.vocabulary import Vocabulary

_Options = tuple[tuple[str, float], ...]


def _options(line: str) -> _Options:
    """Parse "غ.1 ج.2 0.5": spellings with their costs, which are 0 if not given."""
    pairs = (re.fullmatch(r"(\D*?)(\d?\.?\d+)", item) for item in line.split())
    return tuple((pair[1].strip("-"), float(pair[2])) for pair in pairs if pair)


#: Latin group → its Arabic spellings with their costs, "-" for none. ^ and $ mark the ends of the word.
_GROUPS: dict[str, _Options] = {
    group: _options(line)
    for group, line in (
        *(
            ("^a", "ا0 ع.5"),
            ("a", "ا.2 -.3 ي.7"),
            ("a$", "ا0 ه.2 ي.4"),
            ("aa", "ا0 اع.4"),
            ("ah$", "ه0 ا.2"),
            ("^abd", "عبد0"),
            ("lah$", "له.2 لاه.2 لله0"),
        ),
        *(("^e", "ا.1 اي.3 ع.6"), ("e", "ي.35 -.25 ا.6"), ("e$", "-.1 ي.3 ه.3"), ("eh$", "ه0")),
        *(
            ("^i", "ا.2 اي.2 ع.5"),
            ("i", "ي.1 -.4"),
            ("i$", "ي0"),
            ("ev$", "يف.2 وف.3"),
            ("ia", "يا.1"),
            ("ia$", "يا0 يه.1"),
        ),
        *(("^o", "او.1 ا.3 ع.5"), ("o", "و.1 -.5 ا.6"), ("o$", "و0"), ("io", "يو.1"), ("iya$", "يه0 يا.2")),
        *(
            ("^u", "او.15 ا.3 ع.5 يو.5"),
            ("u", "و.15 -.4 ا.5"),
            ("u$", "و0"),
            ("eo", "يو.2"),
            ("ie", "ي.1 يي.4"),
        ),
        *(
            ("y", "ي.1"),
            ("ee", "ي0"),
            ("ea", "ي.1 يا.3"),
            ("oo", "و0"),
            ("ou", "و0 او.4"),
            ("^ou", "او0 ع.4"),
        ),
        *(
            ("ai", "اي.1 ي.2"),
            ("ay", "اي.1 ي.2"),
            ("ei", "اي.2 ي.1"),
            ("ey", "اي.3 ي.1"),
            ("ey$", "ي0 اي.4"),
            ("ei$", "اي.1 ي.2 ءي.3"),
        ),
        *(
            ("^ai", "اي0 عاء.3"),
            ("^ei", "اي0"),
            ("^ay", "اي0 عاي.4"),
            ("au", "او.1 و.2"),
            ("aw", "او.1 و.2"),
            ("ow", "و.1 او.3"),
        ),
        *(("b", "ب0"), ("c", "ك0"), ("ce", "س.1 سي.2"), ("ci", "سي.1"), ("cy", "سي.1"), ("ce$", "س0")),
        *(("ch", "تش.1 ش.2 خ.5 ك.6"), ("tch", "تش0"), ("tsch", "تش0"), ("ck", "ك0 يك.9"), ("cz", "تش.2")),
        *(
            ("d", "د0 ض.5"),
            ("dh", "ذ.1 ظ.2 ض.3 ده.5"),
            ("dj", "ج0"),
            ("dzh", "ج0"),
            ("f", "ف0"),
            ("ph", "ف0"),
        ),
        *(
            ("g", "غ.1 ج.2 ق.5 ك.5"),
            ("ge", "ج.3 جي.3 غي.4"),
            ("gi", "جي.2 غي.3"),
            ("gh", "غ0 ق.6 ج.8"),
            ("gue", "غ.2 غي.3"),
        ),
        *(
            ("h", "ه.15 ح.15"),
            ("h$", "ه.2 ح.2 -.3"),
            ("j", "ج0 ي.5 خ.7"),
            ("k", "ك.1 ق.2 خ.9"),
            ("kh", "خ0 كه.8"),
        ),
        *(
            ("l", "ل0"),
            ("m", "م0"),
            ("n", "ن0"),
            ("p", "ب0"),
            ("q", "ق0 ك.4"),
            ("qu", "ق.3 كو.2 كي.4"),
            ("r", "ر0"),
        ),
        *(("s", "س.1 ص.3 ز.5"), ("sh", "ش0 سه.8"), ("sch", "ش0"), ("shch", "شتش.1 ش.3"), ("sz", "ش.3 س.3")),
        *(("t", "ت.15 ط.3"), ("th", "ث.1 ت.4 ذ.5 ط.5"), ("ts", "تس.2 س.5"), ("tz", "تس.2 تز.2 ز.4")),
        *(
            ("v", "ف.1 و.6"),
            ("w", "و0 ف.5"),
            ("x", "كس.1 كز.5 خ.8"),
            ("^x", "ش.2 كس.4"),
            ("z", "ز.1 ظ.5 ذ.5 ض.7 تس.8"),
        ),
        *(("zh", "ج.2 ز.4"), ("'", "ع.2 ء.2 -.1")),
    )
}
_LONGEST_GROUP = 4
#: How newspapers write the Arabic article, by itself or before a hyphen.
LATIN_ARTICLES = frozenset(
    ("al", "el", "ad", "ar", "as", "ash", "at", "an", "az", "ez", "er", "es", "ed", "et", "en")
)
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")
_LATIN = re.compile(r"'?[a-z][a-z']*")
#: Spellings kept at each letter, and of a word in the end; words of a name that are combined.
_BEAM, _MAX_SPELLINGS, _MOST_WORDS = 200, 150, 4
#: Longer words are not names.
_MOST_LETTERS = 20
#: Added for a spelling that the archive does not have: less if the frequency list or the gazetteer has it. A
#: tenfold number of articles lowers the cost by _FREQUENCY_WEIGHT, a tenfold probability by a quarter of it.
_LISTED_COST, _UNKNOWN_COST, _FREQUENCY_WEIGHT, _RAREST = 0.5, 1.0, 0.2, 1e-9
#: Added where the archive has the article and the Latin name does not: Maliki, المالكي.
_ARTICLE_COST = 0.25


def transliterations(latin: str, vocabulary: Vocabulary, limit: int = 5) -> list[str]:
    """Return Arabic spellings of a name in Latin letters, best first.

    Those in the archive as it writes them, the others normalized. Works with an empty vocabulary; [] if the
    text is not a name in Latin letters.
    """
    plain = unicodedata.normalize("NFKD", latin.replace("’", "'")).lower()
    words = _LATIN.findall("".join(char for char in plain if not unicodedata.combining(char)))
    if not words or len(words) > _MOST_WORDS or max(map(len, words)) > _MOST_LETTERS:
        return []
    spelt = [_rank_spellings(word, vocabulary) for word in _with_articles(words)]
    ranks = (" ".join(options[min(rank, len(options) - 1)] for options in spelt) for rank in range(limit))
    best: dict[str, str] = {}
    for name in (arabic_name(latin) or "", *ranks):
        if name.strip():
            best.setdefault(" ".join(normalized_terms(name)), name)
    return list(best.values())[:limit]


def _with_articles(words: list[str]) -> list[tuple[str, bool]]:
    """Return (word, whether an article precedes it)."""
    found: list[tuple[str, bool]] = []
    article = False
    for place, word in enumerate(words):
        if word in LATIN_ARTICLES and place < len(words) - 1:
            article = True
            continue
        found.append((word, article))
        article = False
    return found


def _rank_spellings(word: tuple[str, bool], vocabulary: Vocabulary) -> list[str]:
    """Return the spellings of a word, best first, as the archive writes them."""
    latin, has_article = word
    costs = {(ARTICLE if has_article else "") + spelling: cost for spelling, cost in _spellings(latin)}
    if not has_article:
        defined = {ARTICLE + spelling: cost + _ARTICLE_COST for spelling, cost in costs.items()}
        costs |= {each: cost for each, cost in defined.items() if each in vocabulary}
    ranked = sorted((cost + _cost_of_unknown(each, vocabulary), each) for each, cost in costs.items())
    return [vocabulary.spelling(each) for _, each in ranked] or [""]


def _cost_of_unknown(word: str, vocabulary: Vocabulary) -> float:
    """Return the cost of a spelling: the more frequent, the lower; negative for words of the archive."""
    if articles := vocabulary.count(word):
        return -_FREQUENCY_WEIGHT * log10(1 + articles)
    running = probability(word)
    if running or name_term(word):
        return _LISTED_COST - _FREQUENCY_WEIGHT * log10(max(running, _RAREST) / _RAREST) / 4
    return _UNKNOWN_COST


@lru_cache(1000)
def _spellings(latin: str) -> tuple[tuple[str, float], ...]:
    """Return (normalized spelling, cost) of a word, cheapest first."""
    word = _DOUBLED.sub(r"\1", latin)
    beams: list[dict[str, float]] = [{} for _ in range(len(word) + 1)]
    beams[0][""] = 0.0
    for at in range(len(word)):
        for end in range(at + 1, min(at + _LONGEST_GROUP, len(word)) + 1):
            options = _group_options(word, at, end)
            for before, so_far in _cheapest_spellings(beams[at], _BEAM) if options else ():
                for letters, cost in options:
                    spelling = before + letters
                    if so_far + cost < beams[end].get(spelling, _MOST_LETTERS):
                        beams[end][spelling] = so_far + cost
    return tuple(_cheapest_spellings(beams[-1], _MAX_SPELLINGS))


def _group_options(word: str, at: int, end: int) -> _Options:
    """Return the spellings of the letters word[at:end], or () if they are not a group of the table."""
    group = word[at:end]
    if at == 0 and (opening := _GROUPS.get("^" + group)):
        return opening
    if end == len(word) and (closing := _GROUPS.get(group + "$")):
        return closing
    return _GROUPS.get(group, ())


def _cheapest_spellings(costs: dict[str, float], most: int) -> list[tuple[str, float]]:
    """Return the `most` cheapest spellings."""
    return nsmallest(most, costs.items(), key=lambda pair: (pair[1], pair[0]))
