"""A citation as an entry of BibTeX, with the fields of BibLaTeX too."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import pgettext

from search.web.citation.csl import CslItem, author_of, date_of

#: Braces stay balanced: BibTeX counts them, whether a backslash precedes them or not.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{letter: f"\\{letter}" for letter in "&%$#_"},
    }
)
#: In an address only these would break the entry.
_ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex_entry(item: CslItem) -> str:
    """Return the entry of an item, with a line break at its end.

    Author and title are braced twice: the name of an agency is not a first and a last name, and the letters
    of a title are kept as they are. A part of a date is missing where it is unknown.
    """
    lines = [f"  {name} = {value}," for name, value in _fields(item)]
    return "\n".join([f"@article{{{item['id']},", *lines, "}", ""])


def _fields(item: CslItem) -> Iterator[tuple[str, str]]:
    day = date_of(item)
    if author := author_of(item):
        yield "author", f"{{{{{author.translate(_ESCAPES)}}}}}"
    title = item.get("title") or pgettext("citation", "[untitled]")
    yield "title", f"{{{{{title.translate(_ESCAPES)}}}}}"
    if paper := item.get("container-title"):
        yield "journal", f"{{{paper.translate(_ESCAPES)}}}"
    yield "entrysubtype", "{newspaper}"
    if day:
        year, *rest = day.split("-")
        yield "date", f"{{{day}}}"
        yield "year", f"{{{year}}}"
        if rest:
            yield "month", _MONTHS[int(rest[0]) - 1]
        if len(rest) > 1:
            yield "day", f"{{{int(rest[1])}}}"
    yield "url", f"{{{item['URL'].translate(_ADDRESS_ESCAPES)}}}"
    yield "urldate", f"{{{date_of(item, 'accessed')}}}"
    if item.get("language") == "ar":
        yield "langid", "{arabic}"
    archive = pgettext("citation", "%(archive)s, no. %(number)s") % {
        "archive": item["archive"], "number": item["archive_location"],
    }  # fmt: skip
    yield "note", f"{{{archive.translate(_ESCAPES)}}}"
