"""Permissions: a table of every URL of the admin and the roles that may use it.

A new URL without a row fails `test_every_address_of_the_desk_has_a_row`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from articles import permissions
from articles.models import (
    Article,
    CleaningRule,
    ColumnMapping,
    DateVerdict,
    Erasure,
    EvidenceExport,
    ImportBatch,
    Inference,
    MistakeReport,
    Organisation,
    Place,
    PlaceVerdict,
    Revision,
    Source,
    TextCut,
)
from search.models import AccessRecord
from search.web.accounts.api_tokens import make_token
from tests.articles.conftest import LETTERS

pytestmark = pytest.mark.django_db

EVERYBODY = "RCLA"


class Pages(NamedTuple):
    """Roles that see list, entry and history, and that add, edit and delete (an article: a published one)."""

    see: str
    add: str
    edit: str
    delete: str


MODELS = {
    "articles_article": Pages("RCLA", "CLA", "LA", ""),
    "articles_columnmapping": Pages("LA", "", "LA", "LA"),
    "articles_dateverdict": Pages("LA", "", "", ""),
    "articles_cleaningrule": Pages("LA", "LA", "LA", ""),
    "articles_erasure": Pages("LA", "", "", ""),
    "articles_evidenceexport": Pages("LA", "", "", ""),
    "articles_inference": Pages("LA", "", "", ""),
    "articles_importbatch": Pages("CLA", "CLA", "", ""),
    "articles_mistakereport": Pages("LA", "", "", ""),
    "articles_organisation": Pages("RCLA", "LA", "LA", "LA"),
    "articles_place": Pages("RCLA", "LA", "LA", "LA"),
    "articles_placeverdict": Pages("LA", "", "", ""),
    "articles_source": Pages("RCLA", "LA", "LA", "LA"),
    "auth_user": Pages("A", "A", "A", "A"),
    "search_accessrecord": Pages("A", "", "", ""),
    "search_apitoken": Pages("A", "", "", ""),
}
#: Further URLs: (method, roles).
FURTHER = {
    "index": ("GET", EVERYBODY),
    "guide": ("GET", EVERYBODY),
    "guide_page": ("GET", EVERYBODY),
    "second_factor": ("GET", EVERYBODY),
    "login": ("GET", EVERYBODY),
    "logout": ("POST", EVERYBODY),
    "password_change": ("GET", EVERYBODY),
    "password_change_done": ("GET", EVERYBODY),
    "autocomplete": ("GET", EVERYBODY),
    "jsi18n": ("GET", EVERYBODY),
    "view_on_site": ("GET", EVERYBODY),
    "app_list": ("GET", EVERYBODY),
    "articles_article_original": ("GET", EVERYBODY),
    "articles_article_restore": ("GET", "A"),
    "articles_article_erase": ("GET", "A"),
    "articles_article_putback": ("GET", "LA"),
    "articles_article_evidence": ("POST", "LA"),
    "articles_article_places": ("GET", "LA"),
    "articles_article_dates": ("GET", "LA"),
    "articles_article_held": ("GET", "LA"),
    "articles_article_held_decide": ("POST", "LA"),
    "articles_article_held_reopen": ("POST", "LA"),
    "articles_article_held_updates": ("GET", "LA"),
    "articles_article_held_updates_decide": ("POST", "LA"),
    "articles_article_held_updates_reopen": ("POST", "LA"),
    "articles_article_correct": ("POST", "LA"),
    "articles_cleaningrule_trial": ("GET", "LA"),
    "articles_cleaningrule_accept": ("POST", "LA"),
    "articles_cleaningrule_retire": ("GET", "LA"),
    "articles_cleaningrule_learn": ("POST", "LA"),
    "articles_erasure_lift": ("POST", "A"),
    "articles_importbatch_upload": ("GET", "CLA"),
    "articles_importbatch_columns": ("POST", "CLA"),
    "articles_importbatch_confirm": ("POST", "LA"),
    "articles_importbatch_cancel": ("POST", "CLA"),
    "articles_importbatch_pause": ("POST", "CLA"),
    "articles_importbatch_undo": ("POST", "LA"),
    "articles_importbatch_redo": ("POST", "LA"),
    "articles_importbatch_progress": ("GET", "CLA"),
    "articles_importbatch_rejects": ("GET", "CLA"),
    "articles_importbatch_originals": ("GET", "CLA"),
    "articles_mistakereport_close": ("POST", "LA"),
    "articles_inference_review": ("GET", "LA"),
    "articles_inference_accept_all": ("POST", "LA"),
    "articles_inference_decide": ("POST", "LA"),
    **{
        f"articles_{model}_{page}": ("POST" if page == "process_import" else "GET", who)
        for model in ("source", "place", "organisation")
        for page, who in (("import", "LA"), ("process_import", "LA"), ("export", EVERYBODY))
    },
    "auth_user_password_change": ("GET", "A"),
}

#: URLs that take a word.
OF_A_WORD = {"app_list": "articles", "guide_page": "upload"}
#: URLs that take the id of an article and of another object.
OF_AN_ARTICLE = {"articles_article_restore": "revision", "articles_article_putback": "textcut"}
#: Endings of the names of URLs that take no id.
OF_NO_ENTRY = (
    *("_changelist", "_add", "_upload", "import", "_export", "password_change", "change_done"),
    *("_review", "_accept_all", "_learn", "second_factor", "_held", "_held_decide", "_held_reopen"),
    *("_held_updates", "_held_updates_decide", "_held_updates_reopen"),
)


def names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def rows() -> dict[str, tuple[str, str]]:
    """Return {URL name: (method, roles)}; "…:POST" is a submitted form."""
    table = dict(FURTHER)
    for model, pages in MODELS.items():
        table |= {f"{model}_{page}": ("GET", pages.see) for page in ("changelist", "history", "change")}
        table[f"{model}_change:POST"] = ("POST", pages.edit)
        table |= {f"{model}_add": ("GET", pages.add), f"{model}_delete": ("GET", pages.delete)}
    return table


@pytest.fixture
def things(people: dict[str, User]) -> dict[str, int]:
    """Make one row of each model; the import is the contributor's."""
    batch = ImportBatch.objects.create(state="preview", created_by=people["C"])
    article = Article.objects.create(title="خبر", original=b"x")
    place = Place.objects.create(key="k", slug="مكان", name="مكان")
    return {
        "article": article.pk,
        "columnmapping": ColumnMapping.objects.create(header=["متن"], fields={"متن": "body"}).pk,
        "dateverdict": DateVerdict.objects.create(
            article=article, first_day=date(2012, 5, 1), last_day=date(2012, 5, 31), precision="month"
        ).pk,
        "revision": Revision.objects.create(article=article, before={"title": "قديم"}).pk,
        "erasure": Erasure.objects.create(article_number=900, ground="court", reason="حكم").pk,
        "evidenceexport": EvidenceExport.objects.create(article_number=article.pk, seal="0" * 64).pk,
        "inference": Inference.objects.create(article=article, field="byline", value="x", confidence=0.5).pk,
        "cleaningrule": CleaningRule.objects.create(pattern="شارك").pk,
        "importbatch": batch.pk,
        "mistakereport": MistakeReport.objects.create(article=article, text="خطأ", reporter="user:0").pk,
        "organisation": Organisation.objects.create(name="هيئة", other_names=["الهيئة"]).pk,
        "place": place.pk,
        "placeverdict": PlaceVerdict.objects.create(article=article, place=place, kind="meant").pk,
        "source": Source.objects.create(name="صحيفة").pk,
        "textcut": TextCut.objects.create(article=article, text="شارك", made_at=timezone.now()).pk,
        "user": User.objects.create_user("somebody").pk,
        "accessrecord": AccessRecord.objects.create(user_name="x", what="search:article").pk,
        "apitoken": make_token(people["R"], "برنامج", [], 30)[0].pk,
    }


def address(name: str, things: dict[str, int]) -> str:
    name = name.partition(":")[0]
    if name == "autocomplete":
        asked = "app_label=articles&model_name=article&field_name=source&term=x"
        return f"{reverse('admin:autocomplete')}?{asked}"
    if name == "view_on_site":
        kind = ContentType.objects.get_for_model(Article)
        return reverse("admin:view_on_site", args=[kind.pk, things["article"]])
    if name in OF_A_WORD:
        return reverse(f"admin:{name}", args=[OF_A_WORD[name]])
    if name in OF_AN_ARTICLE:
        return reverse(f"admin:{name}", args=[things["article"], things[OF_AN_ARTICLE[name]]])
    if "_" not in name or name.endswith(OF_NO_ENTRY):
        return reverse(f"admin:{name}", args=[things["user"]] if name == "auth_user_password_change" else [])
    return reverse(f"admin:{name}", args=[things.get(name.rsplit("_", 2)[1], 0)])


def allowed(client: Client, method: str, url: str) -> bool:
    answer = client.get(url) if method == "GET" else client.post(url)
    place = answer.headers.get("Location", "")
    # To the login, or to the front page, where Django sends users who may not see an object.
    front = place == reverse("admin:index") != url and "/login/" not in url
    sent_away = answer.status_code == 302 and ("/admin/login/" in place or front)
    return answer.status_code not in (403, 404, 405) and not sent_away


def test_every_address_of_the_desk_has_a_row() -> None:
    there = set(names(admin.site.urls[0]))
    listed = {name.partition(":")[0] for name in rows()}
    assert there - listed == set(), "an address without a row: say who may open it"
    assert listed - there == set(), "a row without an address"


@pytest.fixture
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pages of the admin empty.

    A view checks permissions before it renders its page, and rendering takes most of the time. Other tests
    check the pages.
    """
    monkeypatch.setattr(TemplateResponse, "rendered_content", "")


@pytest.mark.usefixtures("blank_pages")
@pytest.mark.parametrize("letter", LETTERS, ids=LETTERS.get)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    people: dict[str, User], things: dict[str, int], letter: str, subtests: pytest.Subtests
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(people[letter])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for name, (method, who) in rows().items():
        with subtests.test(name), transaction.atomic():
            client.cookies.clear()
            client.cookies[settings.SESSION_COOKIE_NAME] = session
            assert allowed(client, method, address(name, things)) == (letter in who)
            transaction.set_rollback(True)  # keeps the rows independent of each other


@pytest.mark.usefixtures("blank_pages")
def test_without_a_login_the_desk_is_closed(things: dict[str, int], subtests: pytest.Subtests) -> None:
    client = Client()
    for name, (method, _who) in rows().items():
        if name in ("login", "logout", "jsi18n"):
            continue
        with subtests.test(name):
            assert not allowed(client, method, address(name, things))


#: Actions of a list: (URL of the list, action) → roles.
ACTIONS = {
    ("articles_article_changelist", "publish"): "LA",
    ("articles_article_changelist", "withdraw"): "LA",
    ("articles_article_changelist", "export_evidence"): "LA",
    ("articles_article_changelist", "set_source"): "LA",
    ("articles_article_changelist", "set_date"): "LA",
    ("articles_article_changelist", "tag_again"): "LA",
    ("articles_article_changelist", "separate"): "LA",
    ("articles_article_changelist", "join"): "LA",
    ("articles_article_changelist", "delete_selected"): "",
    ("articles_source_changelist", "merge"): "LA",
    ("articles_place_changelist", "merge"): "LA",
}


@pytest.mark.parametrize("letter", LETTERS, ids=LETTERS.get)
def test_a_role_is_offered_the_actions_of_the_table(
    people: dict[str, User], things: dict[str, int], letter: str, subtests: pytest.Subtests
) -> None:
    client = Client()
    client.force_login(people[letter])
    for page in {page for page, _action in ACTIONS}:
        with subtests.test(page):
            text = client.get(reverse(f"admin:{page}")).content.decode()
            offered = {action for at, action in ACTIONS if at == page and f'<option value="{action}"' in text}
            due = {action for (at, action), who in ACTIONS.items() if at == page and letter in who}
            assert offered == due


def article_form(**changes: str) -> dict[str, str]:
    return {"title": "عنوان", "body": "نص", "date": "", "date_precision": "", "reason": "", **changes}


def test_a_contributor_writes_drafts_and_edits_only_their_own(
    people: dict[str, User], client: Client
) -> None:
    client.force_login(people["C"])
    client.post(reverse("admin:articles_article_add"), article_form(state="published"))
    own = Article.objects.get()
    assert (own.state, own.added_by) == (Article.State.DRAFT, people["C"])
    change = reverse("admin:articles_article_change", args=[own.pk])
    client.post(change, article_form(title="عنوان آخر", state="published"))
    own.refresh_from_db()
    assert (own.title, own.state) == ("عنوان آخر", Article.State.DRAFT)
    others = Article.objects.create(title="مسودة غيره", state=Article.State.DRAFT)
    assert client.get(reverse("admin:articles_article_change", args=[others.pk])).status_code == 302
    assert "مسودة غيره" not in client.get(reverse("admin:articles_article_changelist")).content.decode()
    Article.objects.filter(pk=own.pk).update(state=Article.State.PUBLISHED)
    assert client.post(change, article_form()).status_code == 403


def test_a_reader_sees_what_is_published_and_no_draft(people: dict[str, User], client: Client) -> None:
    client.force_login(people["R"])
    Article.objects.create(title="منشور هنا")
    draft = Article.objects.create(title="مسودة هنا", state=Article.State.DRAFT)
    page = client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert "منشور هنا" in page
    assert "مسودة هنا" not in page
    assert client.get(reverse("admin:articles_article_original", args=[draft.pk])).status_code == 404


def test_a_contributor_gives_up_their_own_import_and_sees_no_other(
    people: dict[str, User], things: dict[str, int], client: Client
) -> None:
    client.force_login(people["C"])
    other = ImportBatch.objects.create(state="preview", created_by=people["L"])
    assert client.post(reverse("admin:articles_importbatch_cancel", args=[other.pk])).status_code == 404
    client.post(reverse("admin:articles_importbatch_cancel", args=[things["importbatch"]]))
    assert ImportBatch.objects.get(pk=things["importbatch"]).state == ImportBatch.State.CANCELLED


def test_migrating_again_makes_the_roles_right_and_leaves_other_groups_alone() -> None:
    group = Group.objects.get(name=permissions.LIBRARIAN)
    held = set(group.permissions.values_list("pk", flat=True))
    assert held
    group.permissions.clear()
    other = Group.objects.create(name="other")
    call_command("migrate", verbosity=0)
    assert set(group.permissions.values_list("pk", flat=True)) == held
    assert Group.objects.filter(pk=other.pk).exists()
    assert Group.objects.filter(name__in=permissions.ROLES).count() == 4
