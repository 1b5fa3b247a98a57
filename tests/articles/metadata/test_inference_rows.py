"""Stored inferences: written with articles, never replacing what a file or a librarian gave."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.geotagging.geotagger import PlaceResolver
from articles.history.erasure import erase_article
from articles.history.revisions import apply_changes
from articles.ingest import rollback
from articles.ingest.lease import hold_lease
from articles.models import Article, ImportBatch, Inference
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

TEXT = "بقلم: نجيب عازار\nحمص - سانا: وصلت القافلة صباح الخميس إلى الحي القديم. ثم عادت مساء."
OTHER = TEXT.replace("نجيب عازار", "سلمى الحفار")


def article_of(import_lines: Import, **fields: str) -> Article:
    import_lines({"id": "1", "body": TEXT, **fields})
    return Article.objects.get()


def change(article: Article, by: User, values: dict[str, str]) -> None:
    apply_changes(
        article, values, original=None, cities=None, by=by, reason="x", resolver=PlaceResolver()
    )  # fmt: skip


def states(article: Article) -> dict[str, str]:
    return dict(article.inferences.values_list("field", "state"))


def test_an_import_fills_certain_fields_and_stores_the_evidence(import_lines: Import) -> None:
    article = article_of(import_lines)
    assert (article.byline, article.source and article.source.name) == ("نجيب عازار", "وكالة الأنباء السورية")
    byline = article.inferences.get(field="byline")
    assert (byline.value, byline.used, byline.state) == ("نجيب عازار", True, "proposed")
    assert byline.evidence[byline.start : byline.end] == "نجيب عازار"
    assert byline.before == {"byline": ""}
    assert article.inferences.get(field="dateline").value == "حمص"


def test_the_identity_of_a_record_ignores_inferred_fields(import_lines: Import) -> None:
    article_of(import_lines)
    assert import_lines({"id": "1", "body": TEXT})["unchanged"] == 1


def test_given_fields_have_no_inference(import_lines: Import) -> None:
    article = article_of(import_lines, source="جريدة", byline="كاتب", title="عنوان")
    assert set(states(article)) == {"dateline"}
    assert article.byline == "كاتب"


def test_an_update_brings_its_own_predictions(import_lines: Import) -> None:
    article = article_of(import_lines)
    assert import_lines({"id": "1", "body": OTHER})["updated"] == 1
    article.refresh_from_db()
    assert article.byline == "سلمى الحفار"
    row = article.inferences.get(field="byline")
    assert (row.value, row.before) == ("سلمى الحفار", {"byline": "نجيب عازار"})


def test_an_update_does_not_replace_a_given_field_by_a_prediction(import_lines: Import) -> None:
    article = article_of(import_lines, byline="كاتب", title="عنوان", date="2012-05-24")
    import_lines({"id": "1", "body": f"{OTHER}\nحمص، 3 آذار 2013", "title": ""})
    article.refresh_from_db()
    assert (article.byline, article.title, article.title_derived) == ("كاتب", "عنوان", False)
    assert str(article.date) == "2012-05-24"
    assert article.body.startswith(OTHER)


def test_a_manual_change_closes_the_inference_and_survives_an_update(
    import_lines: Import, librarian: User
) -> None:
    article = article_of(import_lines)
    change(article, librarian, {"byline": "نجيب العازار"})
    row = article.inferences.get(field="byline")
    assert (row.state, row.decided_value, row.decided_by) == ("corrected", "نجيب العازار", librarian)
    import_lines({"id": "1", "body": f"{TEXT} تتمة."})
    article.refresh_from_db()
    assert article.body.endswith("تتمة.")
    assert article.byline == "نجيب العازار"
    assert list(article.inferences.filter(field="byline")) == [row]


def test_a_value_that_was_cleared_by_hand_is_not_inferred_again(
    import_lines: Import, librarian: User
) -> None:
    article = article_of(import_lines)
    change(article, librarian, {"byline": ""})
    assert states(article)["byline"] == "rejected"
    import_lines({"id": "1", "body": f"{TEXT} تتمة."})
    article.refresh_from_db()
    assert article.byline == ""


def test_rollback_of_an_update_leaves_no_inference_of_it(import_lines: Import) -> None:
    article = article_of(import_lines)
    import_lines({"id": "1", "body": OTHER})
    batch = ImportBatch.objects.order_by("-pk")[0]
    rollback.request_rollback(batch, ImportBatch.State.UNDOING, by=None, reason="x")
    batch.refresh_from_db()
    with hold_lease(batch, ImportBatch.State.UNDOING):
        rollback.run_rollback(batch)
    article.refresh_from_db()
    assert article.byline == "نجيب عازار"
    assert not article.inferences.filter(value="سلمى الحفار").exists()


def test_erasure_deletes_the_inferences(import_lines: Import) -> None:
    article = article_of(import_lines)
    assert Inference.objects.exists()
    erase_article(article, ground="court", reason="x", by=None)
    assert not Inference.objects.exists()


def test_saving_the_form_of_an_article_is_a_decision(import_lines: Import, desk: Client) -> None:
    article = article_of(import_lines)
    address = reverse("admin:articles_article_change", args=[article.pk])
    desk.post(
        address,
        {
            "title": "عنوان", "body": article.body, "source": article.source_id or "", "date": "",
            "date_precision": "", "url": "", "byline": article.byline, "external_id": "1",
            "state": "published", "reason": "",
        },
    )  # fmt: skip
    assert states(article) == {
        "title": "corrected", "byline": "proposed", "source": "proposed", "dateline": "proposed",
    }  # fmt: skip
