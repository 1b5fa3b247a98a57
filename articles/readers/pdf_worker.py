"""Extract the text of one PDF in a process of its own.

A PDF can make any reader loop, exhaust memory or crash, and only a process can be stopped from outside. Run
as a program by `documents.pdf`; imports nothing of this project but `page_layout`.

usage: python -I pdf_worker.py SECONDS BYTES PAGES PAGE_SECONDS < file.pdf

Writes lines of JSON, each as soon as it is known, so that a process that is stopped loses no page it has
read: {"count": pages}, {"page": text or null} for each, with "picture": true if it is a picture and has
little text, {"error": code or ""}.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError
from pypdf.generic import DictionaryObject

if __name__ == "__main__":  # in the isolated mode of a program, Python looks for modules in no folder of ours
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from articles.readers.page_layout.lines import page_text
from articles.readers.page_layout.pdf_glyphs import page_glyphs

ENCRYPTION_ERRORS = (DependencyError, FileNotDecryptedError, WrongPasswordError)


#: The part of the processor seconds that is for pages; the rest is for what cannot be interrupted.
_FOR_PAGES = 0.9
#: Letters of a page beyond which its pictures are not looked at: OCR read them, or illustrate a text.
_LITTLE_TEXT = 400
#: A picture has the shape of the page, as a scan has, if the quotients of their sides differ by less.
_SAME_SHAPE = 0.1
#: Forms in forms that are searched for pictures.
_FORM_DEPTH = 2


class _TooHeavy(BaseException):
    """A page has used its time. It is no Exception, because pypdf goes on after some of those."""


def read_pages(
    data: bytes, most_pages: int, seconds: float, page_seconds: float
) -> Iterator[dict[str, int | str | None]]:
    """Yield the number of pages, the text of each, and an error code or "".

    A page that cannot be read, or that takes more than `page_seconds` of the processor, has no text, and
    the following are read nevertheless; the code says why the first of them has none.
    """
    codes: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            yield {"error": "encrypted"}
            return
        count = min(len(reader.pages), most_pages)
        yield {"count": count}
        for number in range(count):
            left = _FOR_PAGES * seconds - time.process_time()
            text, code, picture = (
                _read_page(reader, number, min(page_seconds, left))
                if left > 0
                else (None, "pdf-heavy", False)
            )
            codes += [code] if code else []
            yield {"page": text} | ({"picture": True} if picture else {})
    except ENCRYPTION_ERRORS:
        yield {"error": "encrypted"}
    except MemoryError:
        yield {"error": "pdf-heavy"}
    except Exception:  # pypdf raises whatever a damaged file makes Python raise
        yield {"error": "pdf-broken"}
    else:
        yield {"error": codes[0] if codes else ""}


def _read_page(reader: pypdf.PdfReader, number: int, seconds: float) -> tuple[str | None, str, bool]:
    """Return the text of a page, or None, and the reason as a code; and whether the page is a picture.

    A text that is read already is kept if the look at the pictures takes too long.
    """
    text: str | None = None
    signal.signal(signal.SIGPROF, _stop_page)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
        try:
            page = reader.pages[number]
            text = page_text(page_glyphs(page))
            return text, "", len(text) <= _LITTLE_TEXT and _is_picture(page)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except ENCRYPTION_ERRORS:
        raise
    except (_TooHeavy, MemoryError):
        signal.setitimer(signal.ITIMER_PROF, 0)  # it may have been raised just before the timer was stopped
        return text, "pdf-heavy" if text is None else "", False
    except Exception:  # as above
        return None, "pdf-broken", False


def _is_picture(page: pypdf.PageObject) -> bool:
    """Return whether one of the pictures of a page has its shape, and a dot for each point at least."""
    try:
        short, long = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        return any(
            less >= short and abs(less * long / (more * short) - 1) < _SAME_SHAPE
            for less, more in _picture_sizes(page)
        )
    except Exception:  # as above; the text of the page is read already
        return False


def _picture_sizes(page: pypdf.PageObject) -> Iterator[list[int]]:
    """Yield the shorter and the longer side of each picture, in dots. Each form is searched once."""
    seen: set[int] = set()
    drawing: list[Any] = [page]
    for _depth in range(1 + _FORM_DEPTH):
        # Objects that were read stay in memory, so each has its own id. Forms share their resources.
        resources = {id(found): found for found in _dictionaries(drawing, "/Resources")}
        objects = {id(found): found for found in _dictionaries(resources.values(), "/XObject")}
        drawn = {
            id(found): found
            for each in objects.values()
            for found in _dictionaries([each], *each)
            if id(found) not in seen
        }
        seen |= drawn.keys()
        drawing = list(drawn.values())
        for each in drawing:
            if each.get("/Subtype") == "/Image":
                yield sorted((int(each["/Width"]), int(each["/Height"])))


def _dictionaries(parents: Iterable[DictionaryObject], *names: str) -> Iterator[DictionaryObject]:
    """Yield the dictionaries and streams under these names, without other values."""
    values = (each[name] for each in parents for name in names if name in each)
    return (value for value in values if isinstance(value, DictionaryObject))


def _stop_page(_number: int, _frame: FrameType | None) -> None:
    raise _TooHeavy


def _limit(kind: int, value: int) -> None:
    """Lower a resource limit of this process if the system allows it."""
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError):
        print("a limit could not be set", file=sys.stderr)


def main() -> None:
    """Set the limits, then read the PDF from standard input and write JSON to standard output."""
    seconds, size, pages = map(int, sys.argv[1:4])
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, size)
    _limit(resource.RLIMIT_FSIZE, 0)
    logging.disable(logging.CRITICAL)  # pypdf logs every defect of a file
    for told in read_pages(sys.stdin.buffer.read(), pages, seconds, float(sys.argv[4])):
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
