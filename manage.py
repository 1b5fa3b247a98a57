#!/usr/bin/env python
"""Django's command line for the archive."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    # The settings must be named before Django is imported.
    from django.core.management import execute_from_command_line  # noqa: PLC0415  as said above
    from django.db import Error  # noqa: PLC0415  as said above

    from articles.storage_faults import EXPLANATIONS, storage_fault  # noqa: PLC0415  as said above

    try:
        execute_from_command_line(sys.argv)
    except (Error, OSError) as error:
        if "--traceback" in sys.argv:
            raise
        if fault := storage_fault(error):
            sys.exit(f"{EXPLANATIONS[fault]} ({error}).")
        if isinstance(error, OSError):
            raise
        sys.exit(
            f"تعذّر استعمال قاعدة البيانات؛ إن كان الأرشيف جديدًا فهيّئه أولًا: manage.py setup_archive\n"
            f"The database cannot be used ({error}). A new archive is set up by: manage.py setup_archive"
        )


if __name__ == "__main__":
    main()
