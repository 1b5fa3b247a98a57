"""Fixtures for the tests of logins and limits."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

PASSWORD = "correct horse battery"


@pytest.fixture
def librarian(db: None) -> User:
    """Return an account of the staff."""
    return User.objects.create_user("librarian", password=PASSWORD, is_staff=True, is_superuser=True)


@pytest.fixture
def with_device(librarian: User) -> TOTPDevice:
    """Return the second factor of the librarian."""
    return TOTPDevice.objects.create(user=librarian, name="archive", confirmed=True)


@pytest.fixture
def english(client: Client, index: None, settings: LazySettings) -> Client:
    """Return a stranger's client in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def code_of(device: TOTPDevice) -> str:
    """Return what the device shows now."""
    return f"{totp(device.bin_key):06}"
