"""Organisations and their names: shipped ones, editing, validation."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from arabic.expansion.expander import expand_query
from arabic.expansion.synonyms import shipped_organisations
from arabic.text.tokenizer import normalized_terms
from articles.models import Organisation, Place
from search.store.database import DatabaseStore

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/articles/organisation/add/", "/admin/articles/organisation/"


def searched(query: str) -> set[str]:
    """Return the other names that a search in this archive uses."""
    return {
        each.shown
        for each in expand_query(normalized_terms(query), DatabaseStore().aliases())
        if each.kind == "alias"
    }


@pytest.fixture
def agency() -> Organisation:
    return Organisation.objects.create(name="وكالة سنابل", other_names=["سنابل للأنباء", "و س ن"])


def change(desk: Client, organisation: Organisation, name: str, others: str) -> str:
    address = reverse("admin:articles_organisation_change", args=[organisation.pk])
    answer = desk.post(address, {"name": name, "other_names": others}, follow=True)
    return str(answer.content.decode())


def test_a_new_archive_starts_with_the_shipped_organisations(transactional_names: None) -> None:
    assert {(each.name, tuple(each.other_names)) for each in Organisation.objects.all()} == set(
        shipped_organisations()
    )


@pytest.fixture
def transactional_names(db: None) -> None:
    """Write the rows of the migration again, in case a test has emptied the tables."""
    if not Organisation.objects.exists():
        Organisation.objects.bulk_create(
            Organisation(name=name, other_names=list(others)) for name, others in shipped_organisations()
        )


def test_an_edited_name_works_in_the_next_search(desk: Client, agency: Organisation) -> None:
    assert searched("وكالة سنابل") == {"سنابل للأنباء", "و س ن"}
    page = change(desk, agency, "وكالة سنابل", "و س ن\nالسنابل الإخبارية\n")
    assert "Searches know these names" in page
    assert searched("وكالة سنابل") == {"و س ن", "السنابل الإخبارية"}
    agency.delete()
    assert searched("وكالة سنابل") == set()


def test_a_change_that_passes_the_admin_by_works_too(agency: Organisation) -> None:
    assert "و س ن" in searched("وكالة سنابل")
    Organisation.objects.filter(pk=agency.pk).update(other_names=["سنابل برس"])
    assert searched("وكالة سنابل") == {"سنابل برس"}


def test_an_alias_of_a_place_is_searched_both_ways(db: None) -> None:
    Place.objects.create(key="own-x", slug="تل النخيل", name="تل النخيل", aliases=["واحة الشمال"])
    assert searched("واحة الشمال") == {"تل النخيل"}
    assert searched("تل النخيل") == {"واحة الشمال"}


BAD = [
    ("وكالة", "…", "has no letters or digits"),
    ("وكالة", "أ ب ت ث ج ح خ د ذ", "is too long for a name"),
    ("وكالة", "", "This field is required"),
    ("وكالة", "وكاله\nوكالةْ", "Write at least one other name"),
    ("؟", "أ ف ب", "has no letters or digits"),
]


@pytest.mark.parametrize(("name", "others", "sentence"), BAD)
def test_names_that_no_search_could_use_are_refused(
    desk: Client, name: str, others: str, sentence: str
) -> None:
    before = Organisation.objects.count()
    answer = desk.post(ADD, {"name": name, "other_names": others}, HTTP_ACCEPT_LANGUAGE="en")
    assert sentence in answer.content.decode()
    assert Organisation.objects.count() == before


def test_the_desk_finds_an_organisation_by_any_name_in_any_spelling(
    desk: Client, agency: Organisation
) -> None:
    found = desk.get(LIST, {"q": "سنابل للانباء"}).content.decode()
    assert "وكالة سنابل" in found
    assert "وكالة سنابل" not in desk.get(LIST, {"q": "غيرها"}).content.decode()


def test_a_change_stands_in_the_history_with_who_made_it(
    desk: Client, librarian: User, agency: Organisation
) -> None:
    change(desk, agency, "وكالة سنابل", "سنابل")
    entry = LogEntry.objects.get(object_id=str(agency.pk))
    assert entry.user == librarian
    assert entry.is_change()
    assert json.loads(entry.change_message)[0]["changed"]["fields"] == ["other names"]


def test_who_may_only_look_cannot_change_and_strangers_see_nothing(
    client: Client, agency: Organisation
) -> None:
    address = reverse("admin:articles_organisation_change", args=[agency.pk])
    assert client.get(address).status_code == 302
    reader = User.objects.create_user("reader", password="x", is_staff=True)
    client.force_login(reader)
    assert client.get(address).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_organisation"))
    assert client.get(address).status_code == 200
    posted = {"name": "غيره", "other_names": "غيره أيضا"}
    assert client.post(address, posted).status_code == 403
    assert client.post(ADD, posted).status_code == 403
    agency.refresh_from_db()
    assert agency.name == "وكالة سنابل"
