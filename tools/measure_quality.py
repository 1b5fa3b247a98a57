"""Runs `make quality`: the command `quality` on an Elasticsearch that is found or started.

    python -m tools.measure_quality                                        # the sets beside the project
    # your own: manage.py make_queries FOLDER
    python -m tools.measure_quality --sets FOLDER [--cases FILE] [--json]
    python -m tools.measure_quality --write                                # the tables into docs/quality.md

The server is the one named in TEST_ELASTICSEARCH_URL, or else a private one. The archive is not touched: all
indexes are temporary.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared" / "eval"
REPORT = PROJECT / "docs" / "quality.md"
#: The lines of the report that enclose the tables.
BEGIN, END = "<!-- figures: make quality WRITE=1 -->", "<!-- end of figures -->"


def main() -> int:
    """Return 0 if measured, 1 if that failed, 2 for wrong arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, help="docs.jsonl.gz and files of queries")
    parser.add_argument("--cases", type=Path, help="pairs that must match, or must not")
    parser.add_argument("--cost", action="store_true", help="also what the dictionary costs")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--write", action="store_true", help="put the tables into docs/quality.md")
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
            url = os.environ.get("TEST_ELASTICSEARCH_URL") or stack.enter_context(ElasticsearchServer()).url
        except ElasticsearchMissingError as reason:
            print(f"no Elasticsearch: {reason}", file=sys.stderr)
            return 1
        # A data folder of its own, with cold caches as in a new archive.
        data = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {"ELASTICSEARCH_URL": url, "ARCHIVE_DATA_DIR": data, "DEBUG": "true"}
        done = _run(command, environment)
        told = done.stdout
        if options.cost and done.returncode == 0:
            docs = next(path for path in folder.resolve().glob("docs.jsonl*"))
            begin = "import django; django.setup(); from tools.benchmark.analysis_cost import main; main()"
            how = ["--json"] if options.json else []
            done = _run([sys.executable, "-c", begin, str(docs), *how], environment)
            told = _with_cost(told, done.stdout, as_json=options.json)
    sys.stdout.write(told)
    if options.write and done.returncode == 0:
        write(told)
    return done.returncode


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    settings = os.environ | environment | {"DJANGO_SETTINGS_MODULE": "newsarchive.settings"}
    return subprocess.run(command, check=False, cwd=PROJECT, env=settings, stdout=subprocess.PIPE, text=True)


def _with_cost(quality: str, cost: str, *, as_json: bool) -> str:
    """Return both outputs as one; an output without cost stays as it is."""
    if not cost:
        return quality
    if as_json:
        return json.dumps(json.loads(quality) | {"cost": json.loads(cost)}, ensure_ascii=False) + "\n"
    return f"{quality}\n{cost}"


def write(tables: str) -> None:
    """Replace the tables of the report, with the day and the commit of the measurement."""
    before, rest = REPORT.read_text(encoding="utf-8").split(BEGIN)
    commit = subprocess.run(
        ("git", "describe", "--always", "--dirty"), check=True, cwd=PROJECT, capture_output=True, text=True
    ).stdout.strip()
    said = f"Measured on {datetime.now(UTC):%Y-%m-%d}, commit {commit}, {os.cpu_count()} cores."
    after = rest.split(END)[1]
    REPORT.write_text(f"{before}{BEGIN}\n{said}\n\n{tables.strip()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
