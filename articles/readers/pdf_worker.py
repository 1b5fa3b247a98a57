"""The text of one PDF, in a process of its own: a PDF can make any reader loop, swell or fall over, and only
a process can be stopped from outside. Run as a program by `pdf`; knows nothing of the archive.

usage: python -I pdftext.py SECONDS BYTES PAGES < file.pdf > {"pages": [text, …], "error": code}"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import sys
from typing import Any

import pypdf
from pypdf import _text_extraction
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

ENCRYPTION_ERRORS = (DependencyError, FileNotDecryptedError, WrongPasswordError)


def extract_pdf_text(data: bytes, most_pages: int) -> dict[str, Any]:
    """`pages`: the text of each, in the order of the page's content; `error`: a code, "" if there is none."""
    # pypdf turns what it takes for right-to-left around run by run, and so scatters lines that hold numbers.
    # Nothing is right-to-left then, and `arabic.spelling.bidi` turns whole lines.
    _text_extraction.RTL_CHARACTER_PATTERN = re.compile(r"(?!)")
    pages: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"pages": [], "error": "encrypted"}
        # One by one: what was read before a page that cannot be is kept.
        for number in range(min(len(reader.pages), most_pages)):
            pages += [reader.pages[number].extract_text()]
    except ENCRYPTION_ERRORS:
        return {"pages": [], "error": "encrypted"}
    except MemoryError:
        return {"pages": [], "error": "pdf-heavy"}
    except Exception:  # pypdf raises whatever a damaged file makes Python raise
        return {"pages": pages, "error": "pdf-broken"}
    return {"pages": pages, "error": ""}


def _limit(kind: int, value: int) -> None:
    """Lower a limit of this process, where the system lets it."""
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError):
        print("a limit could not be set", file=sys.stderr)


def main() -> None:
    """Limits first, then the file."""
    seconds, size, pages = map(int, sys.argv[1:4])
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, size)
    _limit(resource.RLIMIT_FSIZE, 0)
    logging.disable(logging.CRITICAL)  # pypdf remarks on every slip of a file
    result = json.dumps(extract_pdf_text(sys.stdin.buffer.read(), pages))
    sys.stdout.write(result)


if __name__ == "__main__":
    main()
