"""Runs what `make quality` promises: the command `quality` on an Elasticsearch that is found or started.

    python -m tools.quality                                        # the sets beside the project
    python -m tools.quality --sets FOLDER [--cases FILE] [--json]  # your own: manage.py make_queries FOLDER

The server is what TEST_ELASTICSEARCH_URL names, else a private one. Nothing of the archive is touched:
all indexes are thrown away."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tools.elasticsearch import Server
from tools.elasticsearch_files import UnavailableError

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared" / "eval"


def main() -> int:
    """0 = measured, 1 = it could not be, 2 = wrong arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, help="docs.jsonl.gz and files of queries")
    parser.add_argument("--cases", type=Path, help="pairs that must match, or must not")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    if options.sets is None and not SHARED.is_dir():
        parser.error(
            "no sets beside the project: make your own with manage.py make_queries FOLDER, then --sets FOLDER"
        )
    folder, cases = options.sets or SHARED / "news", options.cases
    if options.sets is None and cases is None:
        cases = SHARED / "cases.tsv"
    command = [sys.executable, "manage.py", "quality", str(folder.resolve())]
    command += ["--cases", str(cases.resolve())] if cases else []
    command += ["--json"] if options.json else []
    with ExitStack() as stack:
        try:
            url = os.environ.get("TEST_ELASTICSEARCH_URL") or stack.enter_context(Server()).url
        except UnavailableError as reason:
            print(f"no Elasticsearch: {reason}", file=sys.stderr)
            return 1
        # A data folder of its own: caches that are cold, as in a new archive, and nobody else's.
        data = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {"ELASTICSEARCH_URL": url, "ARCHIVE_DATA_DIR": data, "DEBUG": "true"}
        return subprocess.run(command, check=False, cwd=PROJECT, env=os.environ | environment).returncode


if __name__ == "__main__":
    sys.exit(main())
