"""Of a long query the particles that an article may lack: who pastes a headline means what it tells of.

A headline says "X meets with Y" and its article "X met Y". To demand مع puts every article that has all the
words by chance above the one that is meant. The particles go on ranking; a line on the page names them, with
a switch (docs/decisions/0019-particles.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from arabic.particles import is_particle
from arabic.variants import Expansion
from search.asking.labelled import is_off
from search.asking.leaves import all_of
from search.asking.query_nodes import And, ParsedQuery, Quoted, Word
from search.asking.request import SearchRequest
from search.asking.units import FoundExpansion, Unit
from search.terms import AllOf, Not

#: A query of so many words and phrases is a sentence, if so many of them are no particles. In one of fewer
#: every word was meant.
SENTENCE_WORDS, CONTENT_WORDS = 6, 4


def optional(
    parsed: ParsedQuery, units: Sequence[Unit], expansions: Sequence[FoundExpansion], request: SearchRequest
) -> tuple[list[Unit], FoundExpansion | None]:
    """The units that an article may lack, and the line that says so; none of a short query, of one with
    AND, OR, NOT, stars, brackets or fields, and of words exactly as typed. A particle that is part of a name
    or of what an expansion stands for is needed. Switched off, nothing is optional and the line is left."""
    root = parsed.root
    if request.level == "exact" or len(units) < SENTENCE_WORDS or not isinstance(root, And) or root.spelt:
        return [], None
    if not all(isinstance(child, Word | Quoted) and child.field is None for child in root.children):
        return [], None
    bound = {word for each in expansions for word in each.typed.split()}
    found = [
        unit
        for unit in units
        if unit.loose == (unit.node,) and unit.text not in bound and is_particle(unit.text)
    ]
    needed = [unit.node for unit in units if unit not in found]
    nodes = tuple(dict.fromkeys(unit.node for unit in found if unit.node not in needed))
    if not nodes or len(dict.fromkeys(needed)) < CONTENT_WORDS:
        return [], None
    typed = " ".join(dict.fromkeys(unit.text for unit in found))
    line = Expansion(0, len(units), "particle", (), typed)
    active = not is_off(line, request.without)
    lacking = AllOf((*dict.fromkeys(needed), Not(all_of(nodes))))
    return (found if active else []), FoundExpansion(typed, line, (lacking,), active)
