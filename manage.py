#!/usr/bin/env python
"""Django's command line for the archive."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  the settings come first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
