"""Addresses behind the text of cells: links of spreadsheets and their HYPERLINK formulas."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.content.open_document import attribute_of
from articles.readers.content.xml_tree import local_name
from articles.readers.ooxml import parse_xml_part
from articles.text.limits import MAX_URL

#: Index of a column → the address behind its cell.
Links = Mapping[int, str]
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_FORMULA = re.compile(r"\bHYPERLINK\s{0,9}\(\s{0,9}\"([^\"]{1,2000})\"", re.IGNORECASE)
#: A text that is an address itself: with a dot and without a space.
_ADDRESS_CELL = re.compile(r"\s*+[^\s.]++\.\S++\s*+")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_READ = tuple(space + name for space in (_SHEET, _STRICT) for name in ("row", "f", "hyperlink"))
_MARKS = re.compile(rb"hyperlink", re.IGNORECASE)
_BLOCK, _OVERLAP = 1024**2, 20


def web_address(text: str) -> str:
    """Return an address of the web, "" for other texts: mail, files, places of the same workbook."""
    text = text.strip()
    return text if len(text) <= MAX_URL and _WEB.fullmatch(text) else ""


def formula_address(formula: str) -> str:
    """Return the address in a formula HYPERLINK("https://…"; "…"), "" for other formulas."""
    found = _FORMULA.search(formula)
    return web_address(found[1]) if found else ""


def linked_address(fields: Sequence[str], cells: Sequence[str], links: Links) -> str:
    """Return the address of an article behind the cells of its row, "" if a cell tells it or there is none.

    The link of the address cell comes first, then that of the title, then the only one in unread columns.
    `fields` has the field of each column.
    """
    named = dict(zip(fields, range(len(fields)), strict=True))
    at = named.get("url", -1)
    if not links or (0 <= at < len(cells) and _ADDRESS_CELL.fullmatch(cells[at])):
        return ""
    for name in ("url", "title"):
        if address := links.get(named.get(name, -1), ""):
            return address
    unread = {address for column, address in links.items() if column >= len(fields) or not fields[column]}
    return unread.pop() if len(unread) == 1 else ""


def sheet_links(package: zipfile.ZipFile, part: str) -> dict[int, dict[int, str]]:
    """Return row → links of a sheet of xlsx, whose part has this name; rows count from 1.

    They stand behind all rows, so a sheet that has any is read once more. Raises what zipfile and lxml raise
    for damage.
    """
    found: dict[int, dict[int, str]] = {}
    if not _has_mark(package, part):
        return found
    targets = _targets(package, part)
    with package.open(part) as stream:
        for cell, address in _iter_links(stream, targets):
            place = _CELL.match(cell)
            if place and address:
                found.setdefault(int(place[2]), {}).setdefault(_column(place[1]), address)
    return found


def _has_mark(package: zipfile.ZipFile, part: str) -> bool:
    rest = b""
    with package.open(part) as stream:
        while block := stream.read(_BLOCK):
            if _MARKS.search(rest + block):
                return True
            rest = block[-_OVERLAP:]
    return False


def _targets(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return id → address of what a part refers to outside the workbook."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    tree = parse_xml_part(package.read(relations)) if relations in package.namelist() else None
    return {} if tree is None else {each.get("Id", ""): each.get("Target", "") for each in tree}


def _iter_links(stream: Any, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of a cell, "B2" or "B2:C4", and the address behind it."""
    for _event, node in etree.iterparse(
        stream, tag=_READ, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    ):
        name = local_name(node)
        if name == "f":
            yield node.getparent().get("r", ""), formula_address(node.text or "")
        elif name == "hyperlink":
            target, place = targets.get(attribute_of(node, "id"), ""), node.get("location")
            yield node.get("ref", ""), web_address(f"{target}#{place}" if place else target)
        else:
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]


def _column(letters: str) -> int:
    """Return the index of a column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
