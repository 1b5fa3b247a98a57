"""What the tests of file formats share: one article, and what readers make of a file."""

from __future__ import annotations

from articles.ingest.transform import parse_and_sanitize
from articles.text.records import RawRecord
from tests.articles.conftest import records_of

TITLE = "قافلة المساعدات تصل إلى حمص القديمة"
TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس، وقال الهلال الأحمر إن التوزيع بدأ."
MORE = "ولا يزال الطريق إلى الأحياء الأخرى مغلقا منذ أسابيع."
PAGE = (
    f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{TEXT}</p><p>{MORE}</p></body></html>"
)


def read_of(name: str, data: bytes) -> list[RawRecord]:
    return [parse_and_sanitize(record) for record in records_of(name, data)]


def only(name: str, data: bytes) -> RawRecord:
    (record,) = read_of(name, data)
    return record


def codes(record: RawRecord) -> set[str]:
    return {problem.code for problem in record.problems}


def refusal(record: RawRecord) -> str:
    return record.rejected.code if record.rejected else ""
