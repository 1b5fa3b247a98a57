"""The front page of the admin: groups in the order of use, limited to the models that the role may see."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client

from articles import permissions
from newsarchive.admin_site import MODEL_GROUPS

pytestmark = pytest.mark.django_db


def front(role: str, language: str = "en") -> str:
    user = User.objects.create_user("somebody", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client.get("/admin/", {"lang": language}).content.decode()


def test_every_model_of_a_group_is_registered() -> None:
    registered = {f"{model._meta.app_label}.{model.__name__}" for model in admin.site._registry}
    assert {name for _heading, names in MODEL_GROUPS for name in names} <= registered


def test_an_administrator_sees_all_groups_in_arabic() -> None:
    page = front(permissions.ADMINISTRATOR, "ar")
    found = [page.index(f">{heading}</a>") for heading in ("الأخبار", "الأسماء", "السجلّات", "الأشخاص")]
    assert found == sorted(found)
    assert 'dir="rtl"' in page


def test_a_reader_sees_what_they_may_open_and_no_button_to_upload() -> None:
    page = front(permissions.READER)
    assert "/admin/articles/source/" in page
    assert "/admin/auth/user/" not in page
    assert "/admin/articles/importbatch/upload/" not in page
    assert "/coverage/" in page


def test_who_has_no_role_is_told_so() -> None:
    assert "no role yet" in front("")
