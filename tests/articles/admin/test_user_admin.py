"""Users of the admin have a role, and cannot change their own."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import permissions

pytestmark = pytest.mark.django_db


def user_form(**changes: str) -> dict[str, str]:
    secret = "قافلة-1962-حمص"
    return {
        "username": "new",
        "password1": secret,
        "password2": secret,
        "role": permissions.LIBRARIAN,
        **changes,
    }


def test_an_administrator_adds_a_user_with_a_role_and_changes_it(
    people: dict[str, User], client: Client
) -> None:
    client.force_login(people["A"])
    client.post(reverse("admin:auth_user_add"), user_form())
    user = User.objects.get(username="new")
    assert user.is_staff
    assert [group.name for group in user.groups.all()] == [permissions.LIBRARIAN]
    change = reverse("admin:auth_user_change", args=[user.pk])
    assert f'value="{permissions.LIBRARIAN}" selected' in client.get(change).content.decode()
    client.post(change, {"username": "new", "role": permissions.READER, "is_active": "on"})
    assert [group.name for group in user.groups.all()] == [permissions.READER]


def test_a_researcher_has_an_account_without_the_desk(people: dict[str, User], client: Client) -> None:
    client.force_login(people["A"])
    client.post(reverse("admin:auth_user_add"), user_form(role=permissions.RESEARCHER))
    user = User.objects.get(username="new")
    assert not user.is_staff
    assert not user.groups.exists()
    change = reverse("admin:auth_user_change", args=[user.pk])
    assert f'value="{permissions.RESEARCHER}" selected' in client.get(change).content.decode()
    for role, staff in ((permissions.LIBRARIAN, True), (permissions.RESEARCHER, False)):
        client.post(change, {"username": "new", "role": role, "is_active": "on"})
        user.refresh_from_db()
        assert user.is_staff is staff
    own = reverse("admin:auth_user_change", args=[people["A"].pk])
    client.post(own, {"username": permissions.ADMINISTRATOR, "role": permissions.RESEARCHER})
    people["A"].refresh_from_db()
    assert people["A"].is_staff


def test_an_administrator_does_not_touch_the_first_one_nor_their_own_role(
    people: dict[str, User], client: Client
) -> None:
    first = User.objects.create_superuser("first", "", "x")
    client.force_login(people["A"])
    change = reverse("admin:auth_user_change", args=[first.pk])
    assert client.post(change, {"username": "x", "role": permissions.READER}).status_code == 403
    assert client.get(reverse("admin:auth_user_delete", args=[first.pk])).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[first.pk])
    assert client.get(password).status_code == 403
    own = reverse("admin:auth_user_change", args=[people["A"].pk])
    client.post(own, {"username": permissions.ADMINISTRATOR, "role": permissions.READER})
    people["A"].refresh_from_db()
    assert people["A"].is_active
    assert [group.name for group in people["A"].groups.all()] == [permissions.ADMINISTRATOR]


def test_roles_are_named_in_arabic(people: dict[str, User], client: Client) -> None:
    client.force_login(people["A"])
    page = client.get(reverse("admin:auth_user_add"), {"lang": "ar"}).content.decode()
    assert all(word in page for word in ("قارئ", "مساهم", "أمين أرشيف", "مدير"))


def test_a_new_password_of_another_user_is_asked_for_and_cannot_be_switched_off(
    people: dict[str, User], client: Client
) -> None:
    client.force_login(people["A"])
    page = reverse("admin:auth_user_password_change", args=[people["L"].pk])
    assert 'name="usable_password"' not in client.get(page).content.decode()
    before = people["L"].password
    client.post(page, {"usable_password": "false", "password1": "", "password2": ""})
    people["L"].refresh_from_db()
    assert people["L"].password == before
    secret = "سبع-حافلات-1962"
    client.post(page, {"password1": secret, "password2": secret})
    people["L"].refresh_from_db()
    assert people["L"].check_password(secret)
