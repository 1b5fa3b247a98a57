"""What all pages of the desk share: counts with separators, a way back in the breadcrumbs, red buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from lxml import html

from articles.models import Article, CleaningRule, Revision, Source, TextCut

pytestmark = pytest.mark.django_db
ROOT = Path(project.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates" / "admin").rglob("*.html"))
CODE = [*sorted((ROOT / "articles" / "admin").rglob("*.py")), ROOT / "search" / "admin.py"]


@pytest.fixture
def article(db: None) -> Article:
    return Article.objects.create(title="خبر", body="وصلت القافلة إلى حمص.", sha256="ab" * 32)


@pytest.fixture
def rule(db: None, librarian: User) -> CleaningRule:
    return CleaningRule.objects.create(pattern="شارك الخبر مع أصدقائك", made_by=librarian)


def tree_of(answer: Any) -> html.HtmlElement:
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


@pytest.mark.parametrize("language", ["ar", "en"])
def test_numbers_have_the_same_separators_in_both_languages(language: str) -> None:
    with override(language):
        assert (intcomma(1234567), intcomma(1234.5)) == ("1,234,567", "1,234.5")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_count_in_a_sentence_has_separators(path: Path) -> None:
    tags = re.findall(r"\{% blocktranslate [^%]*?\bcount .*?%\}", path.read_text("utf-8"))
    assert [tag for tag in tags if "intcomma" not in tag] == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_a_count_in_a_message_has_separators(path: Path) -> None:
    plurals = re.findall(r"\bngettext\(.*?\)\n", path.read_text("utf-8"), re.DOTALL)
    assert [text for text in plurals if re.search(r"%\(\w+\)d", text)] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_list_says_how_long_it_is(admin_client: Client, language: str) -> None:
    Source.objects.bulk_create(Source(name=f"صحيفة {number}") for number in range(1001))
    page = tree_of(admin_client.get("/admin/articles/source/", {"lang": language}))
    assert "1,001" in page.cssselect(".paginator")[0].text_content()


def page_of_article(path: str) -> Callable[[Client, Article, CleaningRule], Any]:
    def get(client: Client, article: Article, _rule: CleaningRule) -> Any:
        return client.get(f"/admin/articles/article/{article.pk}/{path}")

    return get


def restore(client: Client, article: Article, _rule: CleaningRule) -> Any:
    revision = Revision.objects.create(article=article, before={"title": "عنوان قديم"})
    return client.get(f"/admin/articles/article/{article.pk}/restore/{revision.pk}/")


def put_back(client: Client, article: Article, rule: CleaningRule) -> Any:
    cut = TextCut.objects.create(
        article=article, rule=rule, said="line: شارك", text="شارك", start=0,
        before="ية وصلت", made_at=timezone.now(),
    )  # fmt: skip
    return client.get(f"/admin/articles/article/{article.pk}/cuts/{cut.pk}/")


def withdraw(client: Client, article: Article, _rule: CleaningRule) -> Any:
    asked = {"action": "withdraw", "_selected_action": str(article.pk)}
    return client.post("/admin/articles/article/", asked)


def page_of_rule(path: str) -> Callable[[Client, Article, CleaningRule], Any]:
    def get(client: Client, _article: Article, rule: CleaningRule) -> Any:
        return client.get(f"/admin/articles/cleaningrule/{rule.pk}/{path}")

    return get


@pytest.mark.parametrize(
    "get",
    [
        *(page_of_article(path) for path in ("erase/", "places/", "dates/", "history/")),
        restore, put_back, withdraw, page_of_rule("retire/"), page_of_rule("trial/"),
    ],
)  # fmt: skip
def test_the_breadcrumbs_lead_back_to_the_list_and_the_record(
    admin_client: Client, article: Article, rule: CleaningRule, get: Callable[..., Any]
) -> None:
    page = tree_of(get(admin_client, article, rule))
    links = [link.get("href") for link in page.cssselect("nav > .breadcrumbs a")]
    records = (
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/cleaningrule/{rule.pk}/change/",
    )
    assert links[0] == "/admin/"
    assert links[1] in ("/admin/articles/article/", "/admin/articles/cleaningrule/")
    assert get is withdraw or links[2] in records
    named = page.cssselect(".breadcrumbs")[0].text_content().rsplit("›", 1)[1].strip()
    assert named, "the page itself stands last"


def test_no_landmark_stands_in_another_of_its_kind(admin_client: Client) -> None:
    page = tree_of(admin_client.get("/admin/second-factor/"))
    assert page.cssselect("nav .breadcrumbs")
    assert not page.cssselect("nav nav")


@pytest.mark.parametrize("get", [page_of_article("erase/"), withdraw])
def test_the_button_that_takes_from_readers_is_marked(
    admin_client: Client, article: Article, rule: CleaningRule, get: Callable[..., Any]
) -> None:
    page = tree_of(get(admin_client, article, rule))
    assert page.cssselect(".submit-row input.desk-danger[type=submit]")


def test_to_publish_is_no_danger(admin_client: Client, article: Article) -> None:
    asked = {"action": "publish", "_selected_action": str(article.pk)}
    page = tree_of(admin_client.post("/admin/articles/article/", asked))
    assert page.cssselect(".submit-row input.default[type=submit]")
    assert not page.cssselect(".desk-danger")


def test_a_proposed_rule_is_refused_and_one_in_force_is_retired(
    admin_client: Client, rule: CleaningRule
) -> None:
    address = f"/admin/articles/cleaningrule/{rule.pk}/retire/?lang=en"
    for state, button, said in (
        (CleaningRule.State.PROPOSED, "Refuse it", "The rule is refused."),
        (CleaningRule.State.ACTIVE, "Retire it", "The rule is retired"),
    ):
        CleaningRule.objects.filter(pk=rule.pk).update(state=state)
        page = tree_of(admin_client.get(address))
        assert page.cssselect(".submit-row input")[0].get("value") == button
        assert page.cssselect("#content h1")[0].text_content().split()[0] == button.split()[0]
        done = tree_of(admin_client.post(address, {"reason": "كل الأخبار"}, follow=True))
        assert said in done.cssselect(".messagelist")[0].text_content()


def test_what_stands_around_a_cut_is_shown_as_a_part(
    admin_client: Client, article: Article, rule: CleaningRule
) -> None:
    """Sixty characters are kept, which may begin within a word."""
    shown = tree_of(put_back(admin_client, article, rule)).cssselect(".desk-text")[0].text_content()
    assert shown == "… ية وصلتشارك", "nothing is behind it"


def test_a_source_that_has_articles_is_merged_and_not_deleted(admin_client: Client, article: Article) -> None:
    source = Source.objects.create(name="صحيفة الضفاف")
    Article.objects.filter(pk=article.pk).update(source=source)
    page = tree_of(admin_client.get(f"/admin/articles/source/{source.pk}/delete/", {"lang": "en"}))
    said = page.cssselect("#content")[0].text_content()
    assert "as long as other records name it" in said
    assert "Merge it" in said
    assert "permission" not in said
    links = {link.get("href") for link in page.cssselect("#content a")}
    assert links == {"/admin/articles/source/", f"/admin/articles/source/{source.pk}/change/"}


def test_a_decision_against_a_text_or_fact_does_not_look_like_the_one_for_it() -> None:
    buttons = [
        button
        for template in TEMPLATES
        for button in re.findall(r"<button[^>]*>", template.read_text(encoding="utf-8"))
    ]
    against = [each for each in buttons if re.search(r'value="(?:refuse|reject)\b', each)]
    assert len(against) >= 4
    assert [each for each in against if "desk-second" not in each] == []


def test_the_row_of_a_decision_and_the_way_back_is_written_once() -> None:
    with_both = re.compile(r'type="submit"(?:(?!</div>).)*class="closelink"', re.DOTALL)
    found = [path.name for path in TEMPLATES if with_both.search(path.read_text("utf-8"))]
    assert found == ["_decision_row.html"]
