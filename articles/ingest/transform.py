"""The stages of an import that need no database, in order: from a record to what will be saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles.geotagging.geotagger import find_place_spans
from articles.geotagging.name_rules import PlaceSpan
from articles.identity.record_keys import older_record_keys, record_key
from articles.identity.web_addresses import complete_address
from articles.metadata.date_mentions import DateSpan, find_date_spans
from articles.metadata.inference import InferredValue, drop_uncertain_date, infer_fields
from articles.metadata.publication_date import PublicationDate, extract_publication_date
from articles.readers.dispatch import parse
from articles.text.boilerplate_filter import NO_RULES, Cut, RuleSet, remove_boilerplate
from articles.text.document import Document, make_document, mask_low_confidence
from articles.text.fingerprints import sha256_of, text_hash
from articles.text.limits import MAX_BYLINE, MAX_EXTERNAL_ID, MAX_SOURCE, MAX_URL
from articles.text.minhash import Sketch, sketch
from articles.text.readability.review import review_record
from articles.text.records import RawRecord, RecordProblem
from articles.text.sanitize import sanitize_file_name, sanitize_record

UNDATED = PublicationDate(None)
EMPTY_DOCUMENT = make_document("", "")
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class TransformedRecord:
    """A record that is ready to be saved, or rejected (`record.rejected`; then the rest is empty)."""

    record: RawRecord
    title_derived: bool = False
    publication_date: PublicationDate = UNDATED
    place_spans: tuple[PlaceSpan, ...] = ()
    date_spans: tuple[DateSpan, ...] = ()
    key: str = ""
    #: Keys under which an earlier release may have stored it.
    older_keys: tuple[str, ...] = ()
    #: The key of the record with its texts repaired, "" if that is the same.
    repaired_key: str = ""
    sha256: str = ""
    text_hash: str = ""
    cuts: tuple[Cut, ...] = ()
    inferred: tuple[InferredValue, ...] = ()
    sketch: Sketch | None = None
    #: Title and body, already analyzed by the stages; reused when the article is saved.
    document: Document = field(default=EMPTY_DOCUMENT, repr=False, compare=False)


def parse_and_sanitize(record: RawRecord, default_source: str = "") -> RawRecord:
    """Parse a record, sanitize its fields and check that they fit the columns."""
    record = sanitize_record(parse(replace(record, file=sanitize_file_name(record.file))))
    return _checked(record if record.source else record.with_fields({"source": default_source}))


def transform_record(
    record: RawRecord, today: date, default_source: str = "", rules: RuleSet = NO_RULES
) -> TransformedRecord:
    """Run all stages between the reader and the database."""
    record = parse_and_sanitize(record, default_source)
    if record.rejected:
        return TransformedRecord(record)
    # From the file's own values: rules of repair and inference change, but an article's identity must not.
    key, older_keys = record_key(record), older_record_keys(record)
    judged, cleaned, cuts, document = clean_and_judge(record, rules)
    repaired_key = record_key(judged) if judged.source != record.source else key
    record = cleaned
    dated = extract_publication_date(record, today, document)
    record, inferred = infer_fields(record, dated, document)
    document = document.with_title(record.title)  # of title and body, only a missing title is inferred
    dated = drop_uncertain_date(dated)
    hashed = text_hash(document.title.words, document.body.words)
    sure = mask_low_confidence(document, record.low_confidence_words)
    return TransformedRecord(
        record.with_problems(*dated.notes),
        title_derived=any(each.field == "title" for each in inferred),
        publication_date=dated,
        place_spans=tuple(find_place_spans(sure, record.cities)),
        date_spans=tuple(find_date_spans(sure, dated.first, dated.precision)),
        key=key,
        older_keys=older_keys,
        repaired_key=repaired_key if repaired_key != key else "",
        sha256=sha256_of(record.data),
        text_hash=hashed,
        cuts=cuts,
        inferred=inferred,
        sketch=sketch(document.body.words, hashed),
        document=document,
    )


def clean_and_judge(
    record: RawRecord, rules: RuleSet
) -> tuple[RawRecord, RawRecord, tuple[Cut, ...], Document]:
    """Return the record, repaired or held if its text may be unreadable, and what the rules leave of it.

    The second record, the cuts and the document are those without boilerplate.
    """
    cleaned, cuts = remove_boilerplate(record, rules)
    document = make_document(cleaned.title, cleaned.body)
    judged = review_record(record, cleaned, document)
    if judged is not record:
        cleaned, cuts = remove_boilerplate(judged, rules)
        document = make_document(cleaned.title, cleaned.body)
    return judged, cleaned, cuts, document


def _checked(record: RawRecord) -> RawRecord:
    """Reject a record whose identity does not fit the columns; drop or shorten other values with a note."""
    problems: list[RecordProblem] = []
    values: dict[str, str] = {}
    if not record.rejected and not record.title and not record.body:
        problems.append(RecordProblem("empty", fatal=True))
    if len(record.title) + len(record.body) > settings.ARTICLE_MAX_CHARACTERS:
        limit = f"{settings.ARTICLE_MAX_CHARACTERS:,}"
        problems.append(RecordProblem("text-too-long", limit, fatal=True))
    if len(record.external_id) > MAX_EXTERNAL_ID:
        problems.append(RecordProblem("field-too-long", "id", fatal=True))
    if len(record.source) > MAX_SOURCE:
        problems.append(RecordProblem("field-too-long", "source", fatal=True))
    if record.url and not _is_web_address(values.setdefault("url", complete_address(record.url))):
        problems.append(RecordProblem("url-dropped", record.url[:80]))
        values["url"] = ""
    elif values.get("url") != record.url:
        values["url_given"] = record.url
    if len(record.byline) > MAX_BYLINE:
        problems.append(RecordProblem("byline-cut"))
        values["byline"] = record.byline[:MAX_BYLINE]
    return record.with_fields(values).with_problems(*problems)


def _is_web_address(url: str) -> bool:
    if len(url) > MAX_URL:
        return False
    try:
        _web_address(url)
    except ValidationError:
        return False
    return True
