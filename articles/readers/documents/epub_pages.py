"""Pages of a book that are no chapters: covers, copyright, contents, and the bars between articles.

Books say it in the guide of their package (EPUB 2) or in `epub:type` (EPUB 3). Newspapers that Calibre
fetched have a page of links for each section and a bar of links in every article.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Set
from typing import Any
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.content.page_tree import parse_page
from articles.readers.content.xml_tree import child_text, children, local_name, text_of
from articles.readers.markup import html_to_text

#: Types of pages, in a guide and as epub:type, that hold nothing of the book itself.
_APART_TYPES = frozenset((
    "cover", "title-page", "titlepage", "halftitlepage", "copyright-page", "toc", "landmarks", "page-list",
    "colophon", "index", "loi", "lot", "loa", "lov",
))  # fmt: skip
#: What programs call a part without a headline.
_NUMBERED = re.compile(r"(?:section|chapter|part|page|start|فصل|الفصل|قسم|صفحة)? ?\d{0,5}", re.IGNORECASE)
#: "part0001_split_002.html": Calibre divides chapters by their size.
_DIVIDED = re.compile(r"(.+)[_-]split[_-]?\d{1,4}\.\w{1,6}")
#: Pages that a chapter may be divided into.
MOST_PAGES = 500
_PAGE_END = re.compile(r"</html>", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3")
APART = "page before or behind the text"
#: What a page that is no chapter has in its markup: only such a page is parsed to find out.
_TYPE_OR_LINK = re.compile(r"epub:type|href", re.IGNORECASE)
_BAR = re.compile(r"calibre_?(?:rescale_)?nav_?bar", re.IGNORECASE)
#: Lists of the navigation beside the table of contents.
_OTHER_LISTS = frozenset(("landmarks", "page-list", "loi", "lot"))
#: Pages of the book that a list links to at least, and words of the page for each of them at most.
_LINKS, _WORDS_PER_LINK = 2, 40


def guide_pages(package: Any, folder: str) -> set[str]:
    """Return the names of the pages that the guide of a book says are no chapters."""
    found = set()
    for node in package.iter():
        if local_name(node) == "reference" and (node.get("type") or "").strip().lower() in _APART_TYPES:
            name = unquote((node.get("href") or "").partition("#")[0])
            found.add(posixpath.normpath(posixpath.join(folder, name)))
    return found


def contents_titles(contents: Any, folder: str) -> dict[str, str]:
    """Return the titles that a table of contents gives the pages of a book, EPUB 3 (nav) or EPUB 2 (NCX).

    LibreOffice writes headlines as plain paragraphs, and names them only there.
    """
    found: dict[str, str] = {}
    for node in contents.iter():
        if local_name(node) == "a" and not _is_other_list(node):
            target, title = node.get("href"), text_of(node)
        elif local_name(node) == "navPoint":
            place = next(iter(children(node, "content")), None)
            target = None if place is None else place.get("src")
            title = child_text(node, "navLabel")
        else:
            continue
        name = unquote((target or "").partition("#")[0])
        if name and title and not _NUMBERED.fullmatch(title):
            found.setdefault(posixpath.normpath(posixpath.join(folder, name)), title)
    return found


def _is_other_list(link: Any) -> bool:
    """Return True for a link of the landmarks or of the printed pages, which are no titles."""
    lists = (node for node in link.iterancestors() if local_name(node) == "nav")
    kinds = next((value for node in lists for name, value in node.items() if name.endswith("type")), "")
    return not _OTHER_LISTS.isdisjoint(kinds.split())


def passed_kind(page: str, name: str, spine: Set[str]) -> str:
    """Return what a page is that is no chapter, "" for one; `spine` are the names of all pages."""
    tree = page_tree(page) if _TYPE_OR_LINK.search(page) else None
    if tree is None:
        return ""
    if "epub:type" in page and _is_apart(tree):
        return APART
    targets = set(_linked(tree, name)) & (spine - {name})
    words = len(tree.text_content().split())
    is_list = len(targets) >= _LINKS and words <= _WORDS_PER_LINK * len(targets)
    return "table of contents" if is_list else ""


def _is_apart(tree: Any) -> bool:
    """Return True if all of a page is in an element whose type is none of a chapter."""
    node = tree.find("body")
    while node is not None:
        if _APART_TYPES.intersection((node.get("epub:type") or "").lower().split()):
            return True
        inner = [child for child in node if isinstance(child.tag, str)]
        node = inner[0] if len(inner) == 1 and not (node.text or "").strip() else None
    return False


def _linked(tree: Any, name: str) -> Iterator[str]:
    """Yield the names of the pages that a page links to."""
    for link in tree.iter("a"):
        target = unquote((link.get("href") or "").partition("#")[0])
        if target and "://" not in target:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def page_tree(page: str) -> Any:
    """Return the tree of a page without the bars of links between articles, None if it has none."""
    tree, _is_whole = parse_page(page)
    if tree is None:
        return None
    for node in list(tree.iter("div", "table", "p")):
        if _BAR.search(node.get("class") or "") and node.getparent() is not None:
            node.drop_tree()
    return tree


def goes_on(before: str, name: str, page: str) -> bool:
    """Return True if a page goes on with the chapter of the one before: by name, without a headline."""
    first, second = _DIVIDED.fullmatch(before), _DIVIDED.fullmatch(name)
    if first is None or second is None or first[1] != second[1]:
        return False
    tree = page_tree(page)
    return tree is not None and not any(each.text_content().strip() for each in tree.iter(*HEADINGS))


def page_text(page: str) -> str:
    """Return the text of the pages of a chapter without the bars of links between articles."""
    return "\n".join(filter(None, map(_text, _PAGE_END.split(page, MOST_PAGES - 1))))


def _text(page: str) -> str:
    if not _BAR.search(page):
        return html_to_text(page)
    tree = page_tree(page)
    return "" if tree is None else html_to_text(etree.tostring(tree, encoding="unicode", method="html"))
