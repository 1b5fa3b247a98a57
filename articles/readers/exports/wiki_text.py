"""The text of a page of a wiki without its markup: templates, tables, files and notes are left out."""

from __future__ import annotations

import re

from articles.readers.markup import html_to_text

#: What opens and closes templates, tables, links, and elements that are no part of the text.
_MARKS = re.compile(
    r"(?P<open>\{\{|\{\||\[\[|<(?P<begun>ref|gallery|math|timeline)\b[^<>]*+(?<!/)>)"
    r"|(?P<close>\}\}|\|\}(?!\})|\]\]|</(?P<ended>ref|gallery|math|timeline)\s*+>)|<ref\b[^<>]*+/>",
    re.I,
)
_OPENED_BY = {"}}": "{{", "|}": "{|", "]]": "[["}
#: Marks inside each other that are followed; no page has more.
_MOST_OPEN = 40
_REDIRECT = re.compile(r"\s*#\s*(?:redirect|تحويل|weiterleitung|redirection|redirección)\b", re.I)
_SWITCH = re.compile(r"__[A-Z]{3,30}__")
_QUOTES = re.compile(r"'{2,5}")
_BULLET = re.compile(r"^[*#:;]+[ \t]*+", re.M)
_OUTER_LINK = re.compile(r"\[(?:https?:)?//[^\s\]\[]++(?:[ \t]++([^\]\[\n]*+))?\]")
#: Links that show a file or sort a page; a bare one to the same page in another language.
_NOT_SHOWN = re.compile(
    r"(?:file|image|media|category|ملف|صورة|وسائط|تصنيف|fichier|catégorie|datei|bild|kategorie|archivo|categoría)\s*+:",
    re.I,
)
_OTHER_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,12})?:[^|]*+\Z")


def is_redirect(text: str) -> bool:
    """Return True if a page only leads to another."""
    return _REDIRECT.match(text) is not None


def wiki_text(text: str) -> str:
    """Return what a reader sees as sentences, headings and lists."""
    text = _SWITCH.sub("", _without_marks(_without_comments(text)))
    text = _OUTER_LINK.sub(lambda found: found[1] or "", text)
    text = _QUOTES.sub("", _BULLET.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(_line, text.split("\n")))).strip()


def _line(line: str) -> str:
    """Return a line without tags and the signs of a heading."""
    line = html_to_text(line) if "<" in line or "&" in line else line.strip()
    is_heading = line.startswith("=") and line.endswith("=")
    return line.strip("=").strip() if is_heading else line


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in others)


def _without_marks(text: str) -> str:
    """Return a text without templates, tables and notes, and of links what is shown.

    Marks that are never closed stay, as in the wiki.
    """
    opened: list[tuple[str, str, list[str]]] = [("", "", [])]
    at = 0
    for found in _MARKS.finditer(text):
        kept = opened[-1][2]
        kept.append(text[at : found.start()])
        at = found.end()
        kind = (found["begun"] or found["open"] or "").lower()
        ended = (found["ended"] or _OPENED_BY.get(found["close"] or "", "")).lower()
        if kind and len(opened) < _MOST_OPEN:
            opened.append((kind, found[0], []))
        elif ended and opened[-1][0] == ended:
            _kind, _mark, parts = opened.pop()
            opened[-1][2].append(_shown_link("".join(parts)) if ended == "[[" else "")
        elif kind or ended:
            kept.append(found[0])
    opened[-1][2].append(text[at:])
    return "".join(mark + "".join(parts) for _kind, mark, parts in opened)


def _shown_link(inner: str) -> str:
    """Return the words of a link: those behind its last bar, else the name of the page."""
    if _NOT_SHOWN.match(inner.strip()) or _OTHER_LANGUAGE.match(inner.strip()):
        return ""
    target, bar, shown = inner.partition("|")
    return shown.rpartition("|")[2].strip() if bar and shown.strip() else target.strip().lstrip(":")
