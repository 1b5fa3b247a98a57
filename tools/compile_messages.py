"""Compiles locale/*/LC_MESSAGES/*.po without GNU gettext (python -m tools.compile_messages)."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Write every .mo; return 1 if a text has no translation."""
    missing = 0
    for source in sorted((PROJECT / "locale").glob("*/LC_MESSAGES/*.po")):
        messages = polib.pofile(str(source))
        messages.save_as_mofile(str(source.with_suffix(".mo")))
        for entry in [*messages.untranslated_entries(), *messages.fuzzy_entries()]:
            print(f"{source.relative_to(PROJECT)}: not translated: {entry.msgid}", file=sys.stderr)
            missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
