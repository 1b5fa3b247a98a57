"""History of an article: user, time and reason of each change, and restoring earlier states."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from articles.history.revisions import restore, revision_steps
from articles.history.step_labels import translate_reason, value_label
from articles.models import Article, PlaceMention, Source
from articles.text.fingerprints import sha256_of
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db


def record(body: str, title: str = "خبر") -> dict[str, object]:
    return {"id": "1", "title": title, "body": body, "source": "صحيفة الضفاف", "date": "2012-05-24"}


@pytest.fixture
def article(import_lines: Import) -> Article:
    """Return an article imported three times: about Homs, then Aleppo, then Damascus."""
    for number, city in enumerate(("حمص", "حلب", "دمشق")):
        import_lines(record(f"وصلت القافلة إلى {city}."), name=f"{number}.jsonl")
    return Article.objects.get()


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("administrator", "", "x")


def test_each_step_has_the_values_before_and_after(article: Article) -> None:
    told = [step.changes["body"] for step in revision_steps(article)]
    assert told == [
        ("وصلت القافلة إلى حلب.", "وصلت القافلة إلى دمشق."),
        ("وصلت القافلة إلى حمص.", "وصلت القافلة إلى حلب."),
    ]
    assert all(step.original_changed for step in revision_steps(article))


def test_restoring_the_first_state_restores_its_original_and_places(
    article: Article, administrator: User
) -> None:
    first = article.revisions.last()
    assert first
    assert restore(article, first, by=administrator, reason="النص الأول هو المنشور")
    article.refresh_from_db()
    assert article.body == "وصلت القافلة إلى حمص."
    assert article.sha256 == sha256_of(bytes(article.original))
    assert "حمص" in bytes(article.original).decode()
    assert set(PlaceMention.objects.filter(field="body").values_list("place__name", flat=True)) == {"حمص"}
    newest = article.revisions.first()
    assert newest
    assert (newest.made_by, newest.reason) == (administrator, "النص الأول هو المنشور")
    assert newest.before["body"] == "وصلت القافلة إلى دمشق."
    assert restore(article, newest, by=administrator, reason="لا، الأخير")
    article.refresh_from_db()
    assert article.body == "وصلت القافلة إلى دمشق."


def test_restoring_does_not_publish_a_withdrawn_article(article: Article, administrator: User) -> None:
    Article.objects.update(state=Article.State.WITHDRAWN)
    article.refresh_from_db()
    first = article.revisions.last()
    assert first
    restore(article, first, by=administrator, reason="x")
    assert Article.objects.get().state == Article.State.WITHDRAWN


def test_a_deleted_source_is_not_restored(article: Article, administrator: User) -> None:
    now = Source.objects.create(name="وكالة سنابل")
    revision = article.revisions.create(before={"source_id": 999_999, "title": "عنوان قديم"})
    Article.objects.update(source=now)
    article.refresh_from_db()
    restore(article, revision, by=administrator, reason="x")
    article.refresh_from_db()
    assert (article.title, article.source) == ("عنوان قديم", now)


def test_the_current_state_cannot_be_restored(article: Article, administrator: User) -> None:
    revision = article.revisions.create(before={"body": article.body})
    assert not restore(article, revision, by=administrator, reason="x")


def test_the_page_asks_for_a_reason_and_restores(article: Article, administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    client.cookies["django_language"] = "en"
    first = article.revisions.last()
    assert first
    history = reverse("admin:articles_article_history", args=[article.pk])
    address = reverse("admin:articles_article_restore", args=[article.pk, first.pk])
    page = client.get(history).content.decode()
    assert address in page
    assert article.sha256 in page
    assert "إلى حمص" in client.get(address).content.decode()
    assert "Say why" in client.post(address, {"reason": " "}).content.decode()
    assert "إلى دمشق" in Article.objects.get().body
    client.post(address, {"reason": "النص الأول"})
    assert "إلى حمص" in Article.objects.get().body
    assert "النص الأول" in client.get(history).content.decode()
    other = Article.objects.create(title="x")
    wrong = reverse("admin:articles_article_restore", args=[other.pk, first.pk])
    assert client.post(wrong, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("import 3 a.jsonl", "الاستيراد 3 a.jsonl"),
        ("undo of import 3 a.jsonl: خطأ", "تراجع عن الاستيراد 3 a.jsonl: خطأ"),
        ("redo of import 3: عاد", "أُعيد الاستيراد 3: عاد"),
        ("put back (line: شارك): يخص الخبر", "أُعيد إلى النص (سطر هذا نصه: شارك): يخص الخبر"),
        ("page furniture cut: #3 line: شارك", "أُزيلت زوائد صفحة الموقع: #3 سطر هذا نصه: شارك"),
        ("infer_facts", "قُرئ من النص من جديد"),
        ("import خاطئ", "import خاطئ"),
    ],
)
def test_automatic_changes_are_described_in_the_language_of_the_reader(written: str, told: str) -> None:
    with override("ar"):
        assert translate_reason(written) == told


def test_the_history_says_yes_and_no() -> None:
    with override("ar"):
        assert [value_label("title_derived", value) for value in (True, False)] == ["نعم", "لا"]
