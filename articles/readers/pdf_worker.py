"""Extract the text of one PDF in a process of its own.

A PDF can make any reader loop, exhaust memory or crash, and only a process can be stopped from outside. Run
as a program by `documents.pdf`; imports nothing of this project but `page_layout`.

usage: python -I pdf_worker.py SECONDS BYTES PAGES < file.pdf > {"pages": [text, …], "error": code}
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

if __name__ == "__main__":  # in the isolated mode of a program, Python looks for modules in no folder of ours
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from articles.readers.page_layout.lines import page_text
from articles.readers.page_layout.pdf_glyphs import page_glyphs

ENCRYPTION_ERRORS = (DependencyError, FileNotDecryptedError, WrongPasswordError)


def extract_pdf_text(data: bytes, most_pages: int) -> dict[str, Any]:
    """Return `pages`, the text of each in the order in which it is read, and `error`, a code or ""."""
    pages: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"pages": [], "error": "encrypted"}
        # One by one, so that pages before an unreadable one are kept.
        for number in range(min(len(reader.pages), most_pages)):
            pages += [page_text(page_glyphs(reader.pages[number]))]
    except ENCRYPTION_ERRORS:
        return {"pages": [], "error": "encrypted"}
    except MemoryError:
        return {"pages": [], "error": "pdf-heavy"}
    except Exception:  # pypdf raises whatever a damaged file makes Python raise
        return {"pages": pages, "error": "pdf-broken"}
    return {"pages": pages, "error": ""}


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
    result = json.dumps(extract_pdf_text(sys.stdin.buffer.read(), pages))
    sys.stdout.write(result)


if __name__ == "__main__":
    main()
