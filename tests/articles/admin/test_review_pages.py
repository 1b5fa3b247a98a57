"""The review of uncertain inferred metadata, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from lxml.html import fromstring

from articles.models import Article, ImportBatch, Inference, MistakeReport, Revision
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

TEXT = "باريس - «الشروق»: عاد المخبز الأول إلى العمل صباح الخميس بعد أن أصلحه أهل الحي."
REVIEW = reverse("admin:articles_inference_review")


@pytest.fixture
def facts(import_lines: Import) -> None:
    import_lines(
        *({"id": str(n), "title": f"خبر {n}", "body": f"{TEXT} {n}"} for n in range(3)), name="a.jsonl"
    )
    import_lines({"id": "9", "title": "خبر آخر", "body": TEXT.replace("الشروق", "المدى")}, name="b.jsonl")


def page(desk: Client, query: str = "") -> str:
    answer = desk.get(REVIEW + query)
    assert answer.status_code == 200
    return answer.content.decode()


def decide(desk: Client, fact: Inference, decision: str, **data: str) -> None:
    address = reverse("admin:articles_inference_decide", args=[fact.pk])
    assert desk.post(address, {"decision": decision, **data}).status_code == 302


def test_each_doubtful_fact_is_shown_with_its_evidence_newest_import_first(desk: Client, facts: None) -> None:
    text = page(desk)
    assert "4 facts to review" in text
    assert "<mark>«المدى»</mark>: عاد المخبز" in text
    assert text.index("المدى") < text.index("«الشروق»")
    assert "75% certain" in text


def test_no_text_of_an_article_is_markup(desk: Client, import_lines: Import) -> None:
    import_lines({"id": "1", "title": "<b>خبر</b>", "body": TEXT.replace("عاد", "<script>alert(1)</script>")})
    text = page(desk)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_press_decides_and_the_list_goes_on_as_it_was_narrowed(desk: Client, facts: None) -> None:
    batch = ImportBatch.objects.order_by("pk")[0]
    fact = Inference.objects.filter(article__batch=batch, field="source")[0]
    address = reverse("admin:articles_inference_decide", args=[fact.pk])
    answer = desk.post(address, {"decision": "accept", "batch": str(batch.pk)})
    assert answer.headers["Location"] == f"{REVIEW}?batch={batch.pk}"
    fact.refresh_from_db()
    assert fact.state == "accepted"
    text = page(desk, f"?batch={batch.pk}")
    assert "2 facts to review · 1 decided" in text
    assert "Your last decisions" in text
    decide(desk, fact, "undo")
    assert "3 facts to review" in page(desk, f"?batch={batch.pk}")


def test_a_decision_leaves_the_list_as_wide_as_it_was(desk: Client, facts: None) -> None:
    """The form also has the value of its prediction, which is not a filter."""
    batch = ImportBatch.objects.order_by("pk")[0]
    form = fromstring(page(desk, f"?batch={batch.pk}")).cssselect("[data-fact] form")[0]
    said = {**dict(form.fields), "decision": "accept"}
    answer = desk.post(form.action, said, headers={"accept": "application/json"}).json()
    assert answer["text"] == "2 facts to review · 1 decided"
    undone = desk.post(form.action, {**said, "decision": "undo"})
    assert undone.headers["Location"] == f"{REVIEW}?batch={batch.pk}"


def test_a_correction_and_a_rejection(desk: Client, facts: None) -> None:
    first, second = Inference.objects.filter(field="source")[:2]
    decide(desk, first, "correct", correction="صحيفة الصباح")
    decide(desk, second, "reject")
    assert Article.objects.get(pk=first.article_id).source.name == "صحيفة الصباح"  # type: ignore[union-attr]  # it has one
    assert Article.objects.get(pk=second.article_id).source is None


def test_filters_count_and_narrow(desk: Client, facts: None) -> None:
    text = page(desk, "?value=%D8%A7%D9%84%D8%B4%D8%B1%D9%88%D9%82")
    assert "3 facts to review" in text
    assert "Accept all 3 of this list" in text
    assert "Nothing to review here" in page(desk, "?field=byline")
    assert "4 facts to review" in page(desk, "?batch=nonsense")


def test_all_of_a_filter_are_accepted_at_once_and_never_everything(desk: Client, facts: None) -> None:
    address = reverse("admin:articles_inference_accept_all")
    desk.post(address, {})
    assert not Inference.objects.filter(state="accepted").exists()
    desk.post(address, {"field": "source", "value": "الشروق"})
    assert Article.objects.filter(source__name="الشروق").count() == 3
    assert Revision.objects.count() == 3
    assert Article.objects.filter(source__isnull=True).count() == 1


def test_for_a_script_the_answer_is_json(desk: Client, facts: None) -> None:
    fact = Inference.objects.filter(field="source")[0]
    address = reverse("admin:articles_inference_decide", args=[fact.pk])
    answer = desk.post(address, {"decision": "accept"}, headers={"accept": "application/json"})
    assert answer.json() == {
        "state": "accepted", "value": fact.value, "problem": "", "text": "3 facts to review · 1 decided",
        "decided": 1, "of": 4,
    }  # fmt: skip
    again = desk.post(address, {"decision": "reject"}, headers={"accept": "application/json"})
    assert again.status_code == 400
    assert again.json()["problem"] == "Somebody decided this already."


def test_the_way_to_the_review_is_shown_where_something_waits(desk: Client, facts: None) -> None:
    batch = ImportBatch.objects.order_by("pk")[0]
    answer = desk.get(reverse("admin:articles_importbatch_change", args=[batch.pk])).content.decode()
    assert re.search(rf'href="{REVIEW}\?batch={batch.pk}">3 facts to review', answer)
    assert "4 facts to review" in desk.get(reverse("admin:index")).content.decode()


def test_facts_of_withdrawn_articles_and_of_unfinished_imports_wait(desk: Client, facts: None) -> None:
    Article.objects.filter(title="خبر آخر").update(state="withdrawn")
    assert "3 facts to review" in page(desk)
    ImportBatch.objects.update(state="staging")
    assert "Nothing to review" in page(desk)


def test_who_may_not_decide_sees_no_facts(client: Client, people: dict[str, User], facts: None) -> None:
    client.force_login(people["C"])
    assert client.get(REVIEW).status_code == 403
    assert "facts to review" not in client.get(reverse("admin:index")).content.decode()


def test_a_page_costs_a_bounded_number_of_queries(
    desk: Client, import_lines: Import, django_assert_max_num_queries: object
) -> None:
    import_lines(*({"id": str(n), "title": f"خبر {n}", "body": f"{TEXT} {n}"} for n in range(30)))
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # a fixture without type
        page(desk)


def test_reports_are_shown_to_those_who_may_see_them(client: Client) -> None:
    article = Article.objects.create(title="خبر", body="نص")
    MistakeReport.objects.create(article=article, text="التاريخ خطأ", reporter="session:1")
    person = User.objects.create_user("reviewer", is_staff=True)
    client.force_login(person)
    for name, seen, closable in (
        ("change_inference", False, False),
        ("view_mistakereport", True, False),
        ("change_mistakereport", True, True),
    ):
        person.user_permissions.add(Permission.objects.get(codename=name))
        text = client.get(REVIEW).content.decode()
        assert ("التاريخ خطأ" in text, "/close/" in text) == (seen, closable)
