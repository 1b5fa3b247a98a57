"""Review of inferences: the effect of each decision on the article, and how it is undone."""

from __future__ import annotations

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles.history import inference_review
from articles.history.inference_review import ChangedSinceError, InvalidValueError
from articles.metadata.inference_rows import current_value
from articles.models import Article, Inference, Source
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

#: A title on its own line, an uncertain byline, an uncertain source, a date in a sentence.
TEXT = (
    "قيصر بستاني – الفجر\nأسعار الخبز في حلب بعد الحصار\n"
    "باريس، 24 أيار 2012 - «الشروق»: عاد المخبز الأول إلى العمل. وقف الناس صفا طويلا أمام بابه."
)


@pytest.fixture
def article(import_lines: Import) -> Article:
    import_lines({"id": "1", "body": TEXT})
    return Article.objects.get()


def fact(field: str) -> Inference:
    return Inference.objects.select_related("article").get(field=field)


def test_uncertain_inferences_are_those_without_a_decision(article: Article, librarian: User) -> None:
    fields = set(inference_review.uncertain_inferences().values_list("field", flat=True))
    assert {"title", "source", "date"} <= fields
    assert inference_review.accept(fact("date"), by=librarian)
    assert set(inference_review.uncertain_inferences().values_list("field", flat=True)) == fields - {"date"}


def test_accepting_a_proposal_fills_the_field_with_a_revision(article: Article, librarian: User) -> None:
    assert article.source is None
    assert inference_review.accept(fact("source"), by=librarian)
    article.refresh_from_db()
    assert article.source == Source.objects.get(name="الشروق")
    revision = article.revisions.get()
    assert (revision.made_by, revision.before) == (librarian, {"source_id": None})
    assert revision.reason
    row = fact("source")
    assert (row.state, row.decided_by, row.decided_value) == ("accepted", librarian, "الشروق")


def test_an_accepted_title_is_no_longer_derived(article: Article, librarian: User) -> None:
    assert article.title_derived
    inference_review.accept(fact("title"), by=librarian)
    article.refresh_from_db()
    assert not article.title_derived


def test_a_rejected_value_is_removed(article: Article, librarian: User) -> None:
    assert str(article.date) == "2012-05-24"
    inference_review.reject(fact("date"), by=librarian)
    article.refresh_from_db()
    assert (article.date, article.date_precision) == (None, "")
    assert article.revisions.get().before == {"date": "2012-05-24", "date_precision": "day"}


def test_the_first_sentence_replaces_a_rejected_headline(article: Article, librarian: User) -> None:
    assert fact("title").method == "line"
    inference_review.reject(fact("title"), by=librarian)
    article.refresh_from_db()
    assert article.title_derived
    assert article.title != "أسعار الخبز في حلب بعد الحصار"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("title", "  الخبز في\nحلب ", "الخبز في حلب"),
        ("source", "صحيفة الفجر", "صحيفة الفجر"),
        ("date", "2012-05", "2012-05"),
        ("date", "24 أيار 2011", "2011-05-24"),
    ],
)
def test_a_correction_becomes_the_value_of_the_field(
    article: Article, librarian: User, field: str, typed: str, kept: str
) -> None:
    assert inference_review.correct(fact(field), typed, by=librarian)
    article.refresh_from_db()
    assert current_value(article, field) == kept
    assert fact(field).state == "corrected"


def test_a_correction_to_the_same_value_accepts_and_to_an_empty_one_rejects(
    article: Article, librarian: User
) -> None:
    inference_review.correct(fact("date"), "2012-05-24", by=librarian)
    assert fact("date").state == "accepted"
    inference_review.correct(fact("source"), " ", by=librarian)
    assert fact("source").state == "rejected"


@pytest.mark.parametrize("typed", ["أمس", "2012-13-45", "99999"])
def test_an_invalid_date_is_refused(article: Article, librarian: User, typed: str) -> None:
    with pytest.raises(InvalidValueError):
        inference_review.correct(fact("date"), typed, by=librarian)
    assert fact("date").state == "proposed"


@pytest.mark.parametrize("field", ["title", "source", "date", "dateline"])
@pytest.mark.parametrize("decision", ["accept", "reject", "correct"])
def test_every_decision_can_be_undone(article: Article, librarian: User, field: str, decision: str) -> None:
    before = (article.title, article.title_derived, article.source_id, article.date, fact(field).used)
    if decision == "correct":
        inference_review.correct(fact(field), "2010" if field == "date" else "غيره", by=librarian)
    else:
        getattr(inference_review, decision)(fact(field), by=librarian)
    assert inference_review.undo_decision(fact(field), by=librarian)
    article.refresh_from_db()
    after = (article.title, article.title_derived, article.source_id, article.date, fact(field).used)
    assert after == before
    assert fact(field).state == "proposed"
    assert not inference_review.undo_decision(fact(field), by=librarian)


def test_a_decision_cannot_be_undone_after_a_later_change(article: Article, librarian: User) -> None:
    inference_review.reject(fact("date"), by=librarian)
    Article.objects.update(date="2013-01-01", date_precision="day")
    with pytest.raises(ChangedSinceError):
        inference_review.undo_decision(fact("date"), by=librarian)
    assert fact("date").state == "rejected"


def test_the_first_of_two_decisions_counts(article: Article, librarian: User) -> None:
    mine, theirs = fact("date"), fact("date")
    assert inference_review.reject(theirs, by=librarian)
    assert not inference_review.accept(mine, by=librarian)
    article.refresh_from_db()
    assert article.date is None


def test_accepting_all_equals_accepting_each(import_lines: Import, librarian: User) -> None:
    import_lines(*({"id": str(number), "body": f"{TEXT} {number}"} for number in range(7)))
    facts = inference_review.uncertain_inferences().count()
    assert inference_review.accept_all(inference_review.uncertain_inferences(), by=librarian) == facts
    assert inference_review.uncertain_inferences().count() == 0
    assert Article.objects.filter(source__name="الشروق", title_derived=False).count() == 7
    for row in Inference.objects.filter(field="title"):
        assert inference_review.undo_decision(row, by=librarian)
    assert Article.objects.filter(title_derived=True).count() == 7


def test_decisions_survive_another_import(article: Article, librarian: User, import_lines: Import) -> None:
    inference_review.reject(fact("date"), by=librarian)
    inference_review.correct(fact("title"), "الخبز", by=librarian)
    import_lines({"id": "1", "body": f"{TEXT} تتمة."})
    article.refresh_from_db()
    assert article.body.endswith("تتمة.")
    assert (article.title, article.date) == ("الخبز", None)
    assert Inference.objects.filter(field__in=["title", "date"], state="proposed").count() == 0


# -- the command


def inferred(**options: object) -> dict[str, object]:
    out = io.StringIO()
    call_command("infer_facts", "--json", stdout=out, **options)
    report: dict[str, object] = json.loads(out.getvalue())
    return report


def test_the_command_fills_empty_fields_of_stored_articles() -> None:
    body = "بقلم: نجيب عازار\nحمص - سانا: وصلت القافلة صباح الخميس إلى الحي القديم."
    paper = Source.objects.create(name="جريدة")
    bare = Article.objects.create(title="عنوان", body=body)
    full = Article.objects.create(title="عنوان", body=body, byline="كاتب", source=paper)
    dry = inferred(dry_run=True)
    assert dry["inferred"] == {"title": 0, "byline": 1, "source": 1, "dateline": 2, "date": 0}
    assert not Inference.objects.exists()
    assert inferred()["inferred"] == dry["inferred"]
    bare.refresh_from_db()
    assert (bare.title, bare.byline) == ("عنوان", "نجيب عازار")
    assert bare.source
    assert bare.source.name == "وكالة الأنباء السورية"
    assert bare.revisions.get().reason == "infer_facts"
    full.refresh_from_db()
    assert (full.byline, full.source) == ("كاتب", paper)
    again = inferred()["inferred"]
    assert set(again.values()) == {0}  # type: ignore[attr-defined]  # a dictionary


def test_the_command_can_be_limited_to_a_source() -> None:
    Article.objects.create(title="عنوان", body="حمص - سانا: وصلت القافلة.")
    Source.objects.create(name="جريدة")
    assert inferred(source="جريدة")["articles"] == 0


@pytest.mark.parametrize(
    ("head", "source", "doubtful"),
    [
        ('<meta property="og:site_name" content="صدى الضفاف"><title>عنوان</title>', "صدى الضفاف", 0),
        ("<title>عنوان | صحيفة الضفاف</title>", "صحيفة الضفاف", 0),
        ("<title>عنوان | الضفاف</title>", "", 1),
        ("<title>عنوان</title>", "", 0),
    ],
)
def test_a_stored_page_is_read_again_for_the_site_it_declares(head: str, source: str, doubtful: int) -> None:
    page = f"<!DOCTYPE html><html><head><meta charset='windows-1256'>{head}</head><body>نص</body></html>"
    article = Article.objects.create(title="عنوان", body="نص قصير.", original=page.encode("cp1256"))
    report = inferred()
    article.refresh_from_db()
    assert (article.source.name if article.source else "") == source
    assert report["doubtful"] == doubtful
    assert inferred()["inferred"] == dict.fromkeys(report["inferred"], 0)  # type: ignore[call-overload]  # names


def test_a_given_or_rejected_source_is_not_inferred_again(librarian: User) -> None:
    page = "<html><head><meta property='og:site_name' content='صدى الضفاف'></head></html>".encode()
    paper = Source.objects.create(name="جريدة")
    given = Article.objects.create(title="أ", body="نص.", original=page, source=paper)
    bare = Article.objects.create(title="ب", body="نص.", original=page)
    inferred()
    given.refresh_from_db()
    assert given.source == paper
    inference_review.reject(Inference.objects.get(article=bare, field="source"), by=librarian)
    inferred()
    bare.refresh_from_db()
    assert bare.source is None
