"""Output of commands: text for people, or with `--json` one object on standard output and nothing else."""

from __future__ import annotations

import json as jsonlib
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, OutputWrapper


class CommandFailedError(CommandError):
    """The command failed: exit code 1, the reason on standard error."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(f"{type(reason).__name__}: {reason}", returncode=1)


def add_json_option(parser: ArgumentParser) -> None:
    """Add the option `--json`."""
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def write_output(out: OutputWrapper, answer: Mapping[str, Any], text: str, *, json: bool) -> None:
    """Write the answer as JSON or as text, as requested."""
    out.write(jsonlib.dumps(answer, ensure_ascii=False) if json else text)
