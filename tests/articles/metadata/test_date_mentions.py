"""Date mentions at import, and after a change of the text or the publication date."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import apply_changes
from articles.metadata.date_mentions import (
    MAX_DATES_PER_FIELD,
    MAX_SPANS_PER_DATE,
    find_date_spans,
    tag_dates,
)
from articles.models import Article, DateMention, Outbox
from articles.text.document import make_document

BODY = "قال الناطق أمس الأربعاء إن الهدنة بدأت في 8 شباط 2012."


def values(article: Article) -> list[str]:
    return [mention.value for mention in article.date_mentions.order_by("-field", "start")]


def imported(tmp_path: Path, **record: str) -> Article:
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"id": "1", "title": "خبر", "body": BODY} | record), encoding="utf-8")
    call_command("import_articles", path, "--source", "الراصد", stdout=StringIO())
    return Article.objects.get()


@pytest.mark.django_db
def test_an_import_stores_each_date_with_its_place_and_sentence(tmp_path: Path) -> None:
    article = imported(tmp_path, title="هدنة 8 شباط 2012", date="2012-05-24")
    assert values(article) == ["2012-02-08", "2012-05-23", "2012-02-08"]
    mention = article.date_mentions.get(field="body", kind="relative")
    assert article.body[mention.start : mention.end] == "أمس الأربعاء"
    assert (mention.first_day, mention.last_day, mention.precision) == (date(2012, 5, 23),) * 2 + ("day",)
    assert mention.evidence == BODY
    assert mention.note == ""


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "2012", "2012-05"])
def test_relative_dates_are_not_resolved_without_a_publication_day(tmp_path: Path, given: str) -> None:
    body = "خبر طويل بلا تاريخ في أوله. " * 10 + BODY
    assert values(imported(tmp_path, date=given, body=body)) == ["2012-02-08"]


@pytest.mark.django_db
def test_a_record_imported_again_with_another_date_resolves_relative_dates_from_it(tmp_path: Path) -> None:
    imported(tmp_path, date="2012-05-24")
    assert values(imported(tmp_path, date="2012-05-31")) == ["2012-05-30", "2012-02-08"]
    assert values(imported(tmp_path, date="2012-05-31", body="بلا تاريخ")) == []


@pytest.mark.django_db
def test_a_change_of_the_publication_date_changes_relative_dates() -> None:
    article = Article.objects.create(title="خبر", body=BODY, date=date(2012, 5, 24), date_precision="day")
    tag_dates(article)
    change = {"original": None, "cities": None, "by": None, "reason": "", "resolver": PlaceResolver()}
    apply_changes(article, {"date": None, "date_precision": ""}, **change)
    assert values(article) == ["2012-02-08"]
    apply_changes(article, {"date": "2013-05-23", "date_precision": "day"}, **change)
    assert values(article) == ["2013-05-22", "2012-02-08"]


@pytest.mark.django_db
def test_tagging_without_changes_writes_nothing() -> None:
    article = Article.objects.create(title="خبر", body=BODY, date=date(2012, 5, 24), date_precision="day")
    assert tag_dates(article) == 2
    Outbox.objects.all().delete()
    before = list(DateMention.objects.values_list("pk", flat=True))
    assert tag_dates(article) == 2
    assert not Outbox.objects.exists()
    assert list(DateMention.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_the_command_tags_the_dates_of_stored_articles() -> None:
    Article.objects.create(title="خبر", body=BODY, date=date(2012, 5, 24), date_precision="day")
    Article.objects.create(title="بلا تاريخ")
    out = StringIO()
    call_command("tag_dates", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["articles"], answer["dates"]) == (2, 2)
    assert DateMention.objects.count() == 2
    DateMention.objects.update(precision="year")
    call_command("tag_dates", stdout=out)
    assert set(DateMention.objects.values_list("precision", flat=True)) == {"day"}


def test_a_text_of_a_thousand_dates_stores_a_bounded_number() -> None:
    again = find_date_spans(make_document("", "في 8 شباط 2012 وصلوا. " * 100), None, "")
    assert len(again) == MAX_SPANS_PER_DATE
    days = [
        f"في {day}/{month}/{year} وصلوا. "
        for year in (2011, 2012)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    assert len(find_date_spans(make_document("", "".join(days)), None, "")) == MAX_DATES_PER_FIELD
