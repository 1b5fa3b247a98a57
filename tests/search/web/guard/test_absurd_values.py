"""No parameter and no number in an address, however absurd, ends in an error 500."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import DateField, Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from articles.models import Article, ImportBatch, Organisation, Place, Source
from search.models import SavedSearch
from search.web.guard import request_trace
from search.web.guard.request_trace import PlainFormsMiddleware, PlainParametersMiddleware

pytestmark = pytest.mark.django_db

#: Years and numbers out of range of the date type, the database and Python; text that no database stores.
ABSURD = ("99999999", "9" * 30, "a\0b")
LONG = "ب" * 3_000
LIST_PARAMETERS = ("p", "o", "q", "all", "e", "_facets", "_popup", "_to_field", "nonsense", "unfit", "lang")
LOOKUPS = ("", "__year", "__in")
#: Parameters of the readers' pages and of the API, of whatever page.
READERS_PARAMETERS = re.findall(
    r"\w+",
    "q country governorate city place_all about source date from to event event_from event_to not_place"
    " not_source not_date level without with sort group close page size view vs by words order text plain"
    " texts year lang digits next kind name prefix limit cursor state number of p",
)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Yield the route of every address."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        else:
            yield route


ROUTES = sorted({route for route in addresses(get_resolver().url_patterns) if "(?P" not in route})


def with_values(route: str, number: str, text: str) -> str:
    """Return a route as an address, with these for its parts."""
    route = re.sub(r"<int:\w+>", number, route)
    return "/" + re.sub(r"<(?:\w+:)?\w+>", text, route)


@pytest.fixture
def root(admin_user: User) -> Client:
    """Return a client of an administrator, for whom errors are answers."""
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


@pytest.fixture(autouse=True)
def things(write: object) -> None:
    """Make one of most things, so that lists have rows and filters have choices."""
    source = Source.objects.create(name="صحيفة")
    Article.objects.create(title="خبر", body="نص", source=source, date="2012-01-01", date_precision="day")
    ImportBatch.objects.create()
    Place.objects.get_or_create(slug="حمص", defaults={"key": "test-homs", "name": "حمص"})
    Organisation.objects.create(name="منظمة")


def parameters_of(model: type[Model]) -> Iterator[str]:
    """Yield every parameter that a list may take: its own, and each lookup of each filter and date."""
    yield from LIST_PARAMETERS
    model_admin = admin.site._registry[model]
    filters = [each for each in model_admin.list_filter if isinstance(each, str)]
    dates = [field.name for field in model._meta.get_fields() if isinstance(field, DateField)]
    for name in {*filters, *dates, "id"}:
        yield from (f"{name}{lookup}" for lookup in LOOKUPS)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str), ids=lambda model: model._meta.label)
def test_every_list_of_the_desk_takes_absurd_values(root: Client, model: type[Model]) -> None:
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    failed = [
        (name, value[:40])
        for name in parameters_of(model)
        for value in ABSURD
        if root.get(address, {name: value}).status_code >= 500
    ]
    assert failed == []


def test_no_list_of_the_desk_takes_a_pattern(root: Client) -> None:
    """`(.|.)*x` in `body__regex` would keep a process busy for good, and needs only the sight of a list."""
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert root.get(address, {"id__regex": "1"}).status_code == 400
        assert root.get(address, {"id__iregex": "1"}).status_code == 400


@pytest.mark.parametrize("route", [route for route in ROUTES if "<" in route])
def test_every_address_takes_numbers_that_no_database_has(root: Client, route: str) -> None:
    assert root.get(with_values(route, "9" * 30, "9" * 30)).status_code < 500


@pytest.mark.parametrize("route", [route for route in ROUTES if "logout" not in route])
def test_every_door_takes_absurd_values(root: Client, route: str) -> None:
    address = with_values(route, "1", "place")
    failed = []
    for value in (*ABSURD[1:], LONG):
        answer = root.get(address, dict.fromkeys(READERS_PARAMETERS, value))
        if answer.status_code >= 500 and answer.status_code != 503:
            failed.append(value[:40])
    assert failed == []


def test_no_cookie_keeps_a_process_busy(rf: RequestFactory) -> None:
    """Before Python 3.11.10 a value of 30,000 backslashes in quotation marks takes half a minute."""
    seen: list[dict[str, str]] = []
    view = PlainParametersMiddleware(lambda request: seen.append(request.COOKIES) or HttpResponse())
    view(rf.get("/", HTTP_COOKIE='sessionid=abc; x="' + "\\" * 4000 + '"; digits=western'))
    assert seen == [{"sessionid": "abc", "x": "", "digits": "western"}]


def test_no_form_holds_what_postgresql_refuses(rf: RequestFactory) -> None:
    forms = PlainFormsMiddleware(lambda request: HttpResponse())
    request = rf.post("/", {"name": ["a\0b", "plain"], "x\0": ""})
    forms.process_view(request)
    assert not hasattr(request, "_post"), "a view may still choose how files are received"
    assert request.POST.getlist("name")[0] == "a\0b"
    forms.process_view(request)
    assert dict(request.POST.lists()) == {"name": ["a b", "plain"], "x ": [""]}
    with pytest.raises(AttributeError):
        request.POST["name"] = "c"


def test_the_name_of_a_saved_search_has_no_nul(django_user_model: type[User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_user("reader"))
    token = "a" * 32
    client.cookies["csrftoken"] = token
    fields = {"csrfmiddlewaretoken": token, "name": "a\0b", "state": "q=حمص"}
    assert client.post("/saved/save/", fields).status_code < 400
    assert SavedSearch.objects.get().name == "a b"


def test_an_error_page_that_cannot_be_drawn_is_logged_once(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_name: str) -> None:
        raise OSError("no template")

    monkeypatch.setattr(request_trace.loader, "get_template", broken)
    answer = request_trace.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
