"""The fonts of drawn pages (Debian: fonts-hosny-amiri, fonts-kacst, fonts-dejavu-core)."""

from __future__ import annotations

from pathlib import Path

FACES = (
    Path("/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf"),
    Path("/usr/share/fonts/truetype/kacst/KacstBook.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
