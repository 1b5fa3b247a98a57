"""`extract FILE.jsonl`: the cities and dates that an import would extract from texts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from arabic.dates.tagger import find_dates, parse_date
from arabic.places.geoparser import NON_CITY_KINDS, find_places
from search.evaluation.metrics import EvaluationFileError, iter_json_lines

#: Fields that are read if present. Offsets count characters of the field named with them.
FIELDS = ("title", "body", "text")


class Command(BaseCommand):
    help = "Reads cities and dates from the title, body or text of each line; writes a JSON object for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="id, and title, body or text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for record in iter_json_lines(options["file"]):
                self.stdout.write(json.dumps(extract_mentions(record), ensure_ascii=False))
        except EvaluationFileError as error:
            raise CommandError(str(error)) from error


def extract_mentions(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return `id`, `cities` and `dates` of a record, in the order of FIELDS and of the text."""
    given = parse_date(str(record.get("date") or ""))
    texts = [(field, str(record[field])) for field in FIELDS if record.get(field)]
    return {
        "id": record.get("id"),
        "cities": [
            {
                "place_id": tag.entry.key,
                "name": tag.entry.name,
                "country": tag.entry.country,
                "start": tag.start,
                "end": tag.end,
                "evidence": tag.evidence,
                "field": field,
            }
            for field, text in texts
            for tag in find_places(text)
            if tag.entry.kind not in NON_CITY_KINDS
        ],
        "dates": [
            {
                "date": value,
                "kind": tag.kind,
                "start": tag.start,
                "end": tag.end,
                "evidence": tag.evidence,
                "field": field,
            }
            for field, text in texts
            for tag in find_dates(text, given.first if given and given.precision == "day" else None)
            for value in tag.values
        ],
    }
