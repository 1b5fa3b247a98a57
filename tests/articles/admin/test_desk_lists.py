"""The lists of the desk: what an empty one says, its filters, its breadcrumbs, and deleting from it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override
from lxml import html

from articles.models import Article, ImportBatch, Organisation, Source

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NOTHING_YET = "There is nothing here yet."


def tree_of(client: Client, address: str, **data: Any) -> html.HtmlElement:
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def list_address(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def words(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_empty_list_says_in_one_line_what_comes_next(admin_client: Client, model: Any) -> None:
    if model is User:
        return  # who looks is in it
    model._default_manager.all().delete()
    page = tree_of(admin_client, f"{list_address(model)}?lang=en")
    (said,) = words(page, ".desk-empty")
    assert said != NOTHING_YET
    (in_arabic,) = words(tree_of(admin_client, f"{list_address(model)}?lang=ar"), ".desk-empty")
    assert in_arabic != said


def test_a_list_that_filters_emptied_leads_back_to_the_whole(admin_client: Client) -> None:
    Source.objects.create(name="صحيفة")
    assert not words(tree_of(admin_client, "/admin/articles/source/?lang=en"), ".desk-empty")
    page = tree_of(admin_client, "/admin/articles/source/?q=zzz&lang=en")
    (said,) = words(page, ".desk-empty")
    assert said.startswith("Nothing here has all")
    assert [link.get("href") for link in page.cssselect(".desk-empty a")] == ["?"]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_is_called_by_what_is_in_it(admin_client: Client, model: Any, language: str) -> None:
    page = tree_of(admin_client, f"{list_address(model)}?lang={language}")
    with override(language):
        name = capfirst(str(model._meta.verbose_name_plural))
    assert words(page, "#content h1") == [name]
    assert page.findtext(".//title") == f"{name} | {'أرشيف الأخبار' if language == 'ar' else 'News archive'}"


def test_the_actions_of_a_list_speak_alike(admin_client: Client) -> None:
    def actions(address: str) -> list[str]:
        return words(tree_of(admin_client, address), ".actions option:not([value=''])")

    Source.objects.create(name="صحيفة")
    Article.objects.create(title="خبر")
    for name in ("source", "article"):
        english = actions(f"/admin/articles/{name}/?lang=en")
        assert english
        assert [each for each in english if "elected" in each and " the selected " not in each] == []
        arabic = actions(f"/admin/articles/{name}/?lang=ar")
        assert [each for each in arabic if "المخت" not in each or each.startswith("احذف")] == []
    counter = tree_of(admin_client, "/admin/articles/source/?lang=ar")
    assert words(counter, ".action-counter") == ["لم يُختر شيء من 1"]
    script = admin_client.get("/admin/jsi18n/").content.decode()
    assert json.dumps("المختار %(sel)s من %(cnt)s") in script, "a script counts on in the same words"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_filter_is_named_empty(model: Any) -> None:
    """Django's own filter calls its choices "Empty" and "Not empty"."""
    filters = admin.site._registry[model].list_filter
    assert admin.EmptyFieldListFilter not in [each[1] for each in filters if isinstance(each, tuple)]


def test_tokens_are_filtered_by_whether_they_were_revoked(admin_client: Client) -> None:
    page = tree_of(admin_client, f"{list_address(apps.get_model('search.ApiToken'))}?lang=en")
    assert words(page, "#changelist-filter li") == ["All", "not revoked", "revoked"]


def trails() -> list[str]:
    """Return pages of each kind that have Django's breadcrumbs or our own."""
    source = Source.objects.create(name="صحيفة")
    batch = ImportBatch.objects.create()
    article = Article.objects.create(title="خبر", body="وصلت القافلة.", sha256="ab" * 32)
    user = User.objects.create_user("reader")
    return [
        *map(list_address, MODELS),
        "/admin/articles/source/add/",
        *(f"/admin/articles/source/{source.pk}/{page}/" for page in ("change", "delete", "history")),
        "/admin/articles/source/import/",
        "/admin/articles/source/export/",
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{article.pk}/erase/",
        f"/admin/articles/importbatch/{batch.pk}/change/",
        "/admin/articles/importbatch/upload/",
        f"/admin/auth/user/{user.pk}/password/",
    ]


def test_every_page_has_one_trail_of_the_same_form(admin_client: Client) -> None:
    """Front page, list, record: Django puts a page between the first two, which none of ours has."""
    for address in trails():
        page = tree_of(admin_client, address)
        assert len(page.cssselect(".breadcrumbs")) == 1, address
        links = [link.get("href") for link in page.cssselect(".breadcrumbs a")]
        assert links[0] == "/admin/", address
        is_list = address in map(list_address, MODELS)
        model_list = "/".join(address.split("/")[:4]) + "/"
        assert links[1:2] == ([] if is_list else [model_list]), address
        assert page.cssselect(".breadcrumbs")[0].text_content().rsplit("›", 1)[1].strip(), address


def test_deleting_several_says_what_goes_and_how_to_go_back(admin_client: Client) -> None:
    made = [Organisation.objects.create(name=f"منظمة {number}") for number in range(2)]
    ticked = [str(each.pk) for each in made]
    address = list_address(Organisation)
    page = tree_of(admin_client, f"{address}?lang=en", action="delete_selected", _selected_action=ticked)
    assert words(page, "#content h1") == ["Delete 2 records"]
    assert "cannot be undone" in page.text_content()
    assert "objects" not in page.cssselect("#content")[0].text_content().lower()
    assert page.cssselect(".submit-row input.desk-danger[type=submit]")
    assert page.cssselect(".submit-row a")[0].get("href") == address
    answer = admin_client.post(
        address, {"action": "delete_selected", "_selected_action": ticked, "post": "yes"}
    )
    assert answer.status_code == 302
    assert not Organisation.objects.filter(pk__in=ticked).exists()


def test_several_sources_with_articles_are_not_deleted_but_merged(admin_client: Client) -> None:
    source = Source.objects.create(name="صحيفة")
    Article.objects.create(title="خبر", body="وصلت القافلة.", sha256="ab" * 32, source=source)
    data = {"action": "delete_selected", "_selected_action": [str(source.pk)]}
    page = tree_of(admin_client, "/admin/articles/source/?lang=en", **data)
    assert "Nothing was deleted" in page.text_content()
    assert "Merge it into another one" in page.text_content()
    assert not page.cssselect("input.desk-danger")


def test_deleting_one_record_is_marked_and_leads_back(admin_client: Client) -> None:
    source = Source.objects.create(name="صحيفة")
    page = tree_of(admin_client, f"/admin/articles/source/{source.pk}/delete/?lang=en")
    assert page.cssselect(".submit-row input.desk-danger[type=submit]")
    assert page.cssselect(".submit-row a")[0].get("href") == f"/admin/articles/source/{source.pk}/change/"


def test_the_page_of_an_erasure_names_no_file_of_the_project(admin_client: Client) -> None:
    article = Article.objects.create(title="خبر", body="وصلت القافلة.", sha256="ab" * 32)
    page = tree_of(admin_client, f"/admin/articles/article/{article.pk}/erase/?lang=en")
    assert "docs/" not in page.text_content()
    guide = [link.get("href") for link in page.cssselect("#content a") if "guide" in link.get("href")]
    assert guide == ["/admin/guide/back-up/"]
    assert tree_of(admin_client, guide[0]) is not None
