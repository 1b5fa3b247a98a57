"""The second factor of the staff: a time-based code from a device, and recovery codes for a lost one.

docs/decisions/0053-logins.md. The devices are those of django-otp: one TOTPDevice, one StaticDevice with its
tokens, both named for the archive.
"""

from __future__ import annotations

import math
import secrets
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import devices_for_user
from django_otp import login as remember_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles import permissions
from search.web.guard.refusals import time_label

Account = AbstractBaseUser | AnonymousUser
DEVICE_NAME = "archive"
RECOVERY_CODES = 10
#: Without letters and digits that are taken for each other; 10 of 32 are 50 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LETTERS = 10


def has_device(user: Account) -> bool:
    """Return True if the user has a second factor."""
    return bool(user.pk) and TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


def is_required(user: Account) -> bool:
    """Return True if settings.SECOND_FACTOR_REQUIRED asks one of this user."""
    asked = settings.SECOND_FACTOR_REQUIRED
    if asked == "nobody" or not isinstance(user, User) or not user.is_staff:
        return False
    if asked == "staff" or user.is_superuser:
        return True
    return user.groups.filter(name=permissions.ADMINISTRATOR).exists()


def is_verified(user: Any) -> bool:
    """Return True if the session of the user has shown its second factor."""
    return bool(user.is_verified())


def check_code(request: HttpRequest, user: User, typed: str) -> str:
    """Accept a code of the device or a recovery code for this session; return "" or why not.

    Each wrong code doubles the time until the next is looked at.
    """
    code = "".join(typed.split()).replace("-", "").lower()
    wanted = TOTPDevice if code.isdecimal() else StaticDevice
    with transaction.atomic():
        device = next(
            (each for each in devices_for_user(user, for_verify=True) if isinstance(each, wanted)), None
        )
        if device is None:
            return _("This code is not right.")
        _bring_back_failure(device)
        allowed, why = device.verify_is_allowed()
        if not allowed:
            until = (why or {}).get("locked_until")
            left = (until - timezone.now()).total_seconds() if until else 1
            return _("Too many wrong codes. Please try again %(when)s.") % {"when": time_label(left)}
        if not device.verify_token(code):
            return _("This code is not right.")
    request.user = user
    request.session.cycle_key()
    remember_device(request, device)
    return ""


def _bring_back_failure(device: Any) -> None:
    """Count a failure of a later time, from before the clock was set back, as one of this moment.

    Otherwise no code would be looked at until the clock is there again.
    """
    now, failed_at = timezone.now(), device.throttling_failure_timestamp
    if failed_at is not None and failed_at > now:
        device.throttling_failure_timestamp = now
        device.save(update_fields=["throttling_failure_timestamp"])


def enrol(user: User, key: str, typed: str) -> list[str] | None:
    """Make a device of `key` (hex) the user's second factor if `typed` is its code now.

    Returns new recovery codes; None if the code is wrong.
    """
    with transaction.atomic():
        device = TOTPDevice(user=user, name=DEVICE_NAME, key=key, confirmed=False)
        device.save()
        if not device.verify_token("".join(typed.split())):
            device.delete()
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save()
        return new_recovery_codes(user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Replace the user's recovery codes and return the new ones; each is accepted once."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=DEVICE_NAME)
    codes = [
        "".join(secrets.choice(_LETTERS) for _each in range(_CODE_LETTERS)) for _n in range(RECOVERY_CODES)
    ]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    half = math.ceil(_CODE_LETTERS / 2)
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes the user has not used."""
    left: int = StaticToken.objects.filter(device__user=user).count()
    return left


@transaction.atomic
def forget_devices(user: User) -> int:
    """Delete the user's second factor and recovery codes; return how many devices there were."""
    found = list(devices_for_user(user, confirmed=None))
    for device in found:
        device.delete()
    return len(found)


def session_user(request: HttpRequest) -> User:
    """Return who has typed the password of this session, whether or not the second factor was shown."""
    return cast("User", getattr(request, "unverified_user", None) or request.user)
