"""From a record to what will be saved: every stage that needs no database, in its order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles.geotagging.geotagger import find_spots
from articles.geotagging.mention_spans import Spot
from articles.metadata.date_mentions import Told, find_told
from articles.metadata.inference import Inferred, infer, sure
from articles.metadata.publication_date import Dated, date_of
from articles.readers.dispatch import parse
from articles.text.boilerplate_filter import NO_RULES, Cut, Rulebook, without_furniture
from articles.text.fingerprints import record_key, sha256_of, text_hash
from articles.text.minhash import Sketch, sketch
from articles.text.records import Problem, RawRecord
from articles.text.sanitize import clean, clean_file_name

#: Room in the columns of the database, in characters.
MAX_EXTERNAL_ID = MAX_SOURCE = 200
MAX_URL = 2000
MAX_BYLINE = 300
UNDATED = Dated(None)
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that is ready to be saved, or rejected (`record.rejected`; then the rest is empty)."""

    record: RawRecord
    title_derived: bool = False
    dated: Dated = UNDATED
    spots: tuple[Spot, ...] = ()
    told: tuple[Told, ...] = ()
    key: str = ""
    sha256: str = ""
    text_hash: str = ""
    cuts: tuple[Cut, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    sketch: Sketch | None = None


def read_fields(record: RawRecord, default_source: str = "") -> RawRecord:
    """Parsed, cleaned and checked."""
    record = clean(parse(replace(record, file=clean_file_name(record.file))))
    return _checked(record if record.source else record.with_fields({"source": default_source}))


def prepare(record: RawRecord, today: date, default_source: str = "", rules: Rulebook = NO_RULES) -> Prepared:
    """All stages between the reader and the database."""
    record = read_fields(record, default_source)
    if record.rejected:
        return Prepared(record)
    key = record_key(record)  # by what the file gives: rules of inference change, what an article is does not
    record, cuts = without_furniture(record, rules)
    dated = date_of(record, today)
    record, inferred = infer(record, dated)
    dated = sure(dated)
    spots = tuple(find_spots(record.title, record.body, record.cities))
    told = tuple(find_told(record.title, record.body, dated.first, dated.precision))
    hashed = text_hash(record.title, record.body)
    return Prepared(
        record.noting(*dated.notes),
        any(each.field == "title" for each in inferred),
        dated,
        spots,
        told,
        key,
        sha256_of(record.data),
        hashed,
        cuts,
        inferred,
        sketch(record.body, hashed),
    )


def _checked(record: RawRecord) -> RawRecord:
    """What does not fit the columns is rejected where it is identity, else left out and said."""
    problems, values = [], {}
    if not record.rejected and not record.title and not record.body:
        problems.append(Problem("empty", fatal=True))
    if len(record.external_id) > MAX_EXTERNAL_ID:
        problems.append(Problem("field-too-long", "id", fatal=True))
    if len(record.source) > MAX_SOURCE:
        problems.append(Problem("field-too-long", "source", fatal=True))
    if record.url and not _is_web_address(record.url):
        problems.append(Problem("url-dropped", record.url[:80]))
        values["url"] = ""
    if len(record.byline) > MAX_BYLINE:
        problems.append(Problem("byline-cut"))
        values["byline"] = record.byline[:MAX_BYLINE]
    return record.with_fields(values).noting(*problems)


def _is_web_address(url: str) -> bool:
    if len(url) > MAX_URL:
        return False
    try:
        _web_address(url)
    except ValidationError:
        return False
    return True
