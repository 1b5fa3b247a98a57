"""Run Tesseract and pdftoppm, if they are installed (Debian: tesseract-ocr-ara, poppler-utils).

Pictures and pages of others run through programs in C: each page has a process of its own, with limits on
processor time, memory and waiting.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time

from articles.text.limits import OCR_MEMORY, OCR_PAGE_SECONDS

#: First bytes of png, jpeg and tiff. Tesseract takes what is no picture for a list of names of pictures.
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
#: Tesseract's modes of page segmentation; the second with a threshold of grey for each part of the page, the
#: third turns a page that lies on its side.
BY_BLOCKS, AS_ONE_BLOCK = ("--psm", "3"), ("--psm", "6", "-c", "thresholding_method=2")
TURNED = ("--psm", "1")
_LANGUAGE = "ara"
#: prlimit (util-linux) sets the limits of the other two.
_PROGRAMS = ("tesseract", "pdftoppm", "prlimit")
#: Dots per inch of the pages of a PDF: Tesseract is trained on 300, and reads 200 in half the time.
_RESOLUTION = 200
#: Seconds that a process of a page may take on a busy machine, and the one that lists the models.
_PAGE_PATIENCE, _LIST_PATIENCE = 3.0 * OCR_PAGE_SECONDS, 10.0


def is_available() -> bool:
    """Return whether Tesseract is installed with its model of Arabic, and what it is run with."""
    if not all(map(shutil.which, _PROGRAMS)):
        return False
    listed = _run(("tesseract", "--list-langs"), b"", time.monotonic() + _LIST_PATIENCE)
    return listed is not None and _LANGUAGE in listed.decode(errors="replace").split()


def word_table(image: bytes, frame: int, segmentation: tuple[str, ...], end: float) -> str | None:
    """Return Tesseract's table (TSV) of the words of a picture, or None if it cannot be read.

    `frame` is the page of a picture that has several, from 0; `end` is the time at which reading stops.
    """
    if not image.startswith(SIGNATURES):
        return None
    page = ("-c", f"tessedit_page_number={frame}")
    found = _run(("tesseract", "-", "-", "-l", _LANGUAGE, *segmentation, *page, "tsv"), image, end)
    return None if found is None else found.decode("utf-8", errors="replace")


def pdf_page_image(data: bytes, page: int, end: float) -> bytes | None:
    """Return a page of a PDF file, which count from 1, as a grey png; None if it cannot be drawn."""
    number = str(page)
    command = ("pdftoppm", "-r", str(_RESOLUTION), "-gray", "-png", "-f", number, "-l", number, "-")
    return _run(command, data, end)


def _run(command: tuple[str, ...], data: bytes, end: float) -> bytes | None:
    """Run a program under limits until this time; return its output, None if it fails or exceeds them.

    Without a program that sets the limits, nothing is run.
    """
    prlimit = shutil.which("prlimit")
    left = min(end - time.monotonic(), _PAGE_PATIENCE)
    if prlimit is None or left <= 0:
        return None
    limits = (
        prlimit,
        f"--cpu={OCR_PAGE_SECONDS}",
        f"--as={OCR_MEMORY}",
        f"--fsize={OCR_MEMORY}",
        "--core=0",
    )
    try:
        done = subprocess.run(  # noqa: S603  programs named above; the data is their input
            (*limits, *command),
            input=data,
            capture_output=True,
            timeout=left,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
