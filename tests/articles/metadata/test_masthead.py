"""A line of publisher and day above or below a text tells source and date; a headline does not."""

from __future__ import annotations

from datetime import date

import pytest

from articles.ingest.transform import transform_record
from articles.text.records import RawRecord

TEXT = (
    "أعلنت البلدية أن ترميم السوق القديم يبدأ الأسبوع المقبل بعد أن تأخر عامين، وقال رئيس المجلس إن الأعمال "
    "تشمل الأرصفة والإنارة وشبكة المياه في الحي كله، وإن المحال تبقى مفتوحة في أثنائها. "
) * 3


def told(above: str, below: str) -> tuple[str, str, str]:
    body = "\n\n".join(filter(None, (above, TEXT.strip(), below)))
    made = transform_record(RawRecord("a.txt", data=body.encode(), body=body), date(2026, 1, 1))
    value = made.publication_date.value
    return made.record.source, value.value if value else "", made.record.title


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("صحيفة الضفاف - 3 آب 2013", "صحيفة الضفاف"),
        ("جريدة الضفاف | 2013-08-03", "جريدة الضفاف"),
        ("صحيفة الضفاف الجديدة – السبت 3 آب 2013", "صحيفة الضفاف الجديدة"),
        ("(مجلة الضفاف، 3/8/2013)", "مجلة الضفاف"),
        ("3 أغسطس 2013 — موقع ضفاف نت", "موقع ضفاف نت"),
        ("جريدة الضفاف، العدد 123، 3/8/2013، ص 4", "جريدة الضفاف"),
        ("المصدر: صحيفة الضفاف - 3 آب 2013", "صحيفة الضفاف"),
        ("رويترز - 3 آب 2013", "رويترز"),
        ("وكالة أنباء الضفاف - 3 آب 2013", "وكالة أنباء الضفاف"),
        ("المصدر: موقع الضفاف - 3 آب 2013", "موقع الضفاف"),
        ("صحيفة «الضفاف» 3 آب/أغسطس 2013", "صحيفة الضفاف"),
        ("جريدة الضفاف\nالسبت 3 آب 2013", "جريدة الضفاف"),
        ("العدد 311 - السبت 3 آب 2013\nصحيفة الضفاف الجديدة", "صحيفة الضفاف الجديدة"),
    ],
)
def test_source_and_day_are_those_of_the_line(line: str, name: str, below: bool) -> None:
    source, day, title = told("", line) if below else told(line, "")
    assert (source, day) == (name, "2013-08-03")
    assert not title.startswith(line[:12])


@pytest.mark.parametrize(
    "line",
    [
        "صحيفة الضفاف تعلن موعد الإغلاق - 3 آب 2013",
        "نقلا عن صحيفة الضفاف 3 آب 2013",
        "صحيفة الضفاف تنشر قائمة 3 آب 2013 كاملة",
        "صحيفة الضفاف - آب 2013",
        "موقع الانفجار - 3 آب 2013",
        "قناة السويس - 3 آب 2013",
        "مركز المدينة 3/8/2013",
        "صحيفة تنشر\n3 آب 2013",
        "موقع الانفجار\n3 آب 2013",
        "صحيفة الضفاف - مقابلة - 3 آب 2013 و5 آب 2013",
    ],
)
def test_other_lines_tell_no_source(line: str) -> None:
    assert told("", line)[0] == ""
