"""Restoring cuts, cuts whose place can no longer be found, and the pages for both."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.backfill import reapply_rules
from articles.boilerplate.rule_store import active_rules
from articles.boilerplate.text_cuts import find_gap_position
from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import restore
from articles.models import Article, ImportBatch
from articles.text.boilerplate_filter import RuleSet
from tests.articles.boilerplate.test_cut_records import BODY, CLEANED, FIRST, RECORD, SECOND, cut_of, written
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(import_lines: Import) -> Article:
    import_lines(RECORD)
    found: Article = Article.objects.get()
    return found


def test_a_cut_is_restored_at_its_place_with_user_time_and_reason(article: Article, librarian: User) -> None:
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=librarian, reason="جزء من الخبر")
    article.refresh_from_db()
    assert article.body == f"{FIRST}\nشارك الخبر\n{SECOND}"
    row = cut_of(article, "شارك")
    assert (row.undone_by, row.in_effect) == (librarian, False)
    revision = article.revisions.get()
    assert (revision.made_by, revision.before) == (librarian, {"body": CLEANED})
    assert revision.reason == "put back (line: شارك الخبر): جزء من الخبر"
    reapply_rules.restore_cut(cut_of(article, "المزيد"), by=librarian, reason="أيضا")
    article.refresh_from_db()
    assert article.body == BODY


def test_a_restored_cut_is_not_cut_again_by_an_import_or_the_rules(
    article: Article, import_lines: Import
) -> None:
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=None, reason="لا")
    import_lines({**RECORD, "byline": "سامر علي"}, name="later.jsonl")
    article.refresh_from_db()
    assert article.byline == "سامر علي"
    assert article.body == f"{FIRST}\nشارك الخبر\n{SECOND}"
    assert reapply_rules.apply_rules([article.pk], active_rules(), by=None, resolver=PlaceResolver()) == []


def test_a_cut_is_restored_only_once(article: Article) -> None:
    cut = cut_of(article, "شارك")
    reapply_rules.restore_cut(cut, by=None, reason="لا")
    with pytest.raises(reapply_rules.CutNotInEffectError):
        reapply_rules.restore_cut(cut, by=None, reason="لا")


def edit(desk: Client, article: Article, body: str) -> None:
    form = {
        "title": article.title,
        "body": body,
        "date": "2012-05-24",
        "date_precision": "day",
        "reason": "x",
    }
    answer = desk.post(
        reverse("admin:articles_article_change", args=[article.pk]),
        {**form, "state": "published", "source": article.source_id, "external_id": "1"},
    )
    assert answer.status_code == 302
    article.refresh_from_db()


def test_after_an_edit_elsewhere_a_cut_is_found_by_its_context(desk: Client, article: Article) -> None:
    edit(desk, article, f"تمهيد طويل كتبه المحرر.\n{CLEANED}\nوخاتمة.")
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=None, reason="لا")
    article.refresh_from_db()
    assert article.body == f"تمهيد طويل كتبه المحرر.\n{FIRST}\nشارك الخبر\n{SECOND}\nوخاتمة."


def test_after_the_passage_was_rewritten_a_cut_cannot_be_restored(desk: Client, article: Article) -> None:
    edit(desk, article, "نص آخر تماما كتبه المحرر.")
    cut = cut_of(article, "شارك")
    assert not cut.in_effect
    address = reverse("admin:articles_article_putback", args=[article.pk, cut.pk])
    told = desk.post(address, {"reason": "لا"}, follow=True).content.decode()
    assert "It cannot be put back by itself" in told
    article.refresh_from_db()
    assert article.body == "نص آخر تماما كتبه المحرر."


def test_restoring_a_revision_moves_the_cuts(article: Article, librarian: User) -> None:
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=librarian, reason="لا")
    article.refresh_from_db()
    restore(article, article.revisions.get(), by=librarian, reason="بل نعم")
    article.refresh_from_db()
    assert article.body == CLEANED
    assert cut_of(article, "شارك").in_effect
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=librarian, reason="لا")


# -- stored articles


def test_rules_change_stored_articles_once_with_a_revision_and_keep_earlier_cuts(
    article: Article, librarian: User
) -> None:
    rule = written("وقال سامر علي", "begins")
    rules = active_rules()
    (done,) = reapply_rules.apply_rules([article.pk], rules, by=librarian, resolver=PlaceResolver())
    assert [each.text for each in done.cuts] == [f"\n{SECOND}"]
    article.refresh_from_db()
    assert article.body == FIRST
    assert f"#{rule.pk} begins: وقال سامر علي" in article.revisions.get().reason
    assert reapply_rules.apply_rules([article.pk], rules, by=None, resolver=PlaceResolver()) == []
    for text in ("المزيد", "شارك", "سامر"):
        reapply_rules.restore_cut(cut_of(article, text), by=None, reason="لا")
    article.refresh_from_db()
    assert article.body == BODY


def test_articles_of_an_unfinished_import_are_not_changed(article: Article) -> None:
    ImportBatch.objects.update(state=ImportBatch.State.STAGING)
    assert not reapply_rules.cleanable_articles().exists()


LINES = ["شارك", "المزيد", "وصلت القافلة إلى حمص", "وقال الوفد", "شارك الوفد", ""]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(LINES), min_size=2, max_size=7),
    st.lists(st.sampled_from(["شارك", "المزيد", "وقال الوفد"]), min_size=1, max_size=3, unique=True),
    st.randoms(use_true_random=False),
)
def test_cuts_of_any_rules_restored_in_any_order_give_the_text(
    db: None, lines: list[str], patterns: list[str], chance: object
) -> None:
    body = "\n".join(lines).strip()
    article = Article.objects.create(title="خبر", body=body, original=b"x", sha256="0" * 64)
    rules = [written(pattern) for pattern in patterns]
    for rule in rules:
        reapply_rules.apply_rules([article.pk], RuleSet([rule.frozen()]), by=None, resolver=PlaceResolver())
    cuts = list(article.cuts.all())
    chance.shuffle(cuts)  # type: ignore[attr-defined]  # hypothesis gives a Random
    for cut in cuts:
        reapply_rules.restore_cut(cut, by=None, reason="لا")
    article.refresh_from_db()
    assert article.body == body
    article.delete()


@given(st.text("اب \n", max_size=12), st.text("اب \n", max_size=5), st.integers(0, 12), st.integers(1, 8))
def test_a_gap_is_found_by_its_context_or_not_at_all(text: str, inside: str, at: int, around: int) -> None:
    at = min(at, len(text))
    before, after = text[max(0, at - around) : at], text[at : at + around]
    whole = text[:at] + inside + text[at:]
    assert find_gap_position(whole, before, inside, after) in (None, at)


# -- pages


def test_the_admin_shows_each_cut_and_restores_it_with_a_reason(desk: Client, article: Article) -> None:
    page = desk.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    cut = cut_of(article, "شارك")
    address = reverse("admin:articles_article_putback", args=[article.pk, cut.pk])
    assert address in page
    assert "شارك الخبر" in desk.get(address).content.decode()
    assert "Say why" in desk.post(address, {"reason": " "}).content.decode()
    told = desk.post(address, {"reason": "جزء من الخبر"}, follow=True).content.decode()
    assert "It is in the text again" in told
    assert cut_of(article, "شارك").undone_by is not None


def test_readers_see_cuts_in_effect_and_not_restored_ones(article: Article, client: Client) -> None:
    page = client.get(f"/articles/{article.pk}/", {"lang": "en"}).content.decode()
    assert "2 pieces of the page around it were taken out of this text" in page
    assert "<del>شارك الخبر" in page
    for cut in article.cuts.all():
        reapply_rules.restore_cut(cut, by=None, reason="لا")
    assert "the page around it" not in client.get(f"/articles/{article.pk}/", {"lang": "en"}).content.decode()


def test_adjacent_cuts_at_the_end_are_restored_each_on_its_own_line(
    import_lines: Import,
) -> None:
    import_lines({**RECORD, "body": f"{FIRST}\nشارك الخبر\nالمزيد حول هذه القصة"})
    found: Article = Article.objects.get()
    assert found.body == FIRST
    reapply_rules.restore_cut(cut_of(found, "المزيد"), by=None, reason="لا")
    found.refresh_from_db()
    assert found.body == f"{FIRST}\nالمزيد حول هذه القصة"
    reapply_rules.restore_cut(cut_of(found, "شارك"), by=None, reason="لا")
    found.refresh_from_db()
    assert found.body == f"{FIRST}\nشارك الخبر\nالمزيد حول هذه القصة"
