"""Requests made from the API's own description get the answers that it describes, whatever their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from schemathesis.specs.openapi.checks import positive_data_acceptance

from articles.models import Article
from newsarchive.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def open_connection() -> Iterator[None]:
    """Keep the test's connection open after each request, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def limits(settings: LazySettings) -> None:
    """Let a stranger ask as often as this test does."""
    settings.LIMITS_A_MINUTE = {}


@pytest.mark.usefixtures("open_connection", "limits")
def test_every_answer_is_as_described(archive: dict[str, Article], subtests: pytest.Subtests) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == 5
    for operation in operations:

        @how(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            # No schema can say which days exist: a valid text may be no date (422).
            case.call_and_validate(
                headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
            )

        with subtests.test(operation.label):
            ask()
