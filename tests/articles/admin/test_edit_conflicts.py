"""Two editors of one record: the second sees what the first saved, chooses, and loses nothing typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from lxml import html

from articles.models import Article, Organisation, Source

pytestmark = pytest.mark.django_db

BODY = "وصلت القافلة إلى المدينة صباح اليوم بعد أن تأخرت على الطريق ثلاث ساعات كاملة."


@pytest.fixture
def article(desk: Client) -> Article:
    """Return an article of a source."""
    source = Source.objects.create(name="صحيفة الضفاف")
    return Article.objects.create(
        title="قافلة", body=BODY, source=source, date="2012-05-01", date_precision="day", byline="سلمى"
    )


def form_of(desk: Client, address: str) -> dict[str, Any]:
    """Open the form of a record and return what a browser would send."""
    return fields_of(desk.get(address).content.decode())


def fields_of(page: str) -> dict[str, Any]:
    """Return the fields of the form on a page with their values."""
    form = next(each for each in html.fromstring(page).forms if "_version" in each.fields)
    return {name: value for name, value in form.form_values() if not name.startswith(("csrf", "_save"))}


def change_page(record: Any) -> str:
    """Return the address of a record's form."""
    return f"/admin/articles/{record._meta.model_name}/{record.pk}/change/"


def test_the_second_editor_is_told_and_what_was_typed_stays(desk: Client, article: Article) -> None:
    address = change_page(article)
    first, second = form_of(desk, address), form_of(desk, address)
    assert desk.post(address, first | {"byline": "نور", "body": f"{BODY} ثم غادرت."}).status_code == 302
    answer = desk.post(address, second | {"title": "قافلة متأخرة", "body": f"{BODY} ثم عادت."})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Somebody saved this while you were editing" in page
    article.refresh_from_db()
    assert article.title == "قافلة"
    assert article.body.endswith("غادرت.")
    typed = fields_of(page)
    assert typed["title"] == "قافلة متأخرة"
    assert typed["body"].endswith("عادت.")
    assert typed["byline"] == "نور", "what the second did not touch is the first one's"
    assert typed["_take_body"] == "mine"
    assert "_take_byline" not in typed
    assert "librarian" in page
    assert html.fromstring(page).cssselect(".edit-conflicts ins")


@pytest.mark.parametrize(("choice", "ending"), [("mine", "عادت."), ("theirs", "غادرت.")])
def test_the_editor_chooses_and_saves_again(desk: Client, article: Article, choice: str, ending: str) -> None:
    address = change_page(article)
    first, second = form_of(desk, address), form_of(desk, address)
    desk.post(address, first | {"body": f"{BODY} ثم غادرت.", "date": "2012-05-02"})
    page = desk.post(address, second | {"title": "قافلة متأخرة", "body": f"{BODY} ثم عادت."})
    again = fields_of(page.content.decode()) | {"_take_body": choice}
    assert desk.post(address, again).status_code == 302
    article.refresh_from_db()
    assert article.body.endswith(ending)
    assert article.title == "قافلة متأخرة"
    assert article.date is not None
    assert article.date.isoformat() == "2012-05-02", "what only the first changed stays"


def test_a_third_change_is_a_conflict_again(desk: Client, article: Article) -> None:
    address = change_page(article)
    second = form_of(desk, address)
    Article.objects.filter(pk=article.pk).update(title="الأول")
    page = desk.post(address, second | {"title": "الثاني"}).content.decode()
    Article.objects.filter(pk=article.pk).update(title="الثالث")
    page = desk.post(address, fields_of(page)).content.decode()
    assert "الثالث" in page
    assert Article.objects.get(pk=article.pk).title == "الثالث"


def test_the_same_change_twice_is_none(desk: Client, article: Article) -> None:
    address = change_page(article)
    second = form_of(desk, address)
    Article.objects.filter(pk=article.pk).update(title="قافلة متأخرة")
    assert desk.post(address, second | {"title": "قافلة متأخرة"}).status_code == 302


def test_an_editor_alone_saves_without_being_asked(desk: Client, article: Article) -> None:
    address = change_page(article)
    assert desk.post(address, form_of(desk, address)).status_code == 302
    assert desk.post(address, form_of(desk, address) | {"byline": ""}).status_code == 302
    article.refresh_from_db()
    assert article.byline == ""


def test_names_are_guarded_too(desk: Client, db: None) -> None:
    source = Source.objects.create(name="وكالة سنابل")
    organisation = Organisation.objects.create(name="منظمة الجسر", other_names=["UN"])
    for record, field, theirs, mine in (
        (source, "name", "وكالة السنابل", "سنابل"),
        (organisation, "other_names", ["UN", "ONU"], "UN\nأمم"),
    ):
        address = change_page(record)
        begun = form_of(desk, address)
        type(record).objects.filter(pk=record.pk).update(**{field: theirs})
        answer = desk.post(address, begun | {field: mine})
        assert answer.status_code == 200, field
        again = fields_of(answer.content.decode()) | {f"_take_{field}": "theirs"}
        assert desk.post(address, again).status_code == 302
        record.refresh_from_db()
        assert getattr(record, field) == theirs


def test_a_date_corrected_by_another_is_not_overwritten_from_the_readers_page(
    desk: Client, article: Article
) -> None:
    address = f"/admin/articles/article/{article.pk}/correct/"
    seen = {"act": "date", "version": "0"}
    desk.post(address, seen | {"date": "2012-05-03"})
    answer = desk.post(address, seen | {"date": "2012-05-04"}, follow=True)
    assert Article.objects.get(pk=article.pk).date.isoformat() == "2012-05-03"
    assert "You typed: 2012-05-04" in answer.content.decode()
