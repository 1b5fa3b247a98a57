"""Addresses in windows-1256, escaped twice, or with texts that were saved wrongly mean Arabic words."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from search.query.request import SearchRequest
from search.web.guard.address_charset import AddressCharsetMiddleware, read_pairs

WORDS = "حمص القديمة"


def understood(raw: str) -> str:
    """Return the parameter q that a view gets."""
    request = RequestFactory().get("/search/", QUERY_STRING=raw)
    answer = AddressCharsetMiddleware(lambda given: HttpResponse(given.GET.get("q", "")))(request)
    return answer.content.decode()


@pytest.mark.parametrize(
    "raw",
    [
        quote(WORDS),
        quote_plus(WORDS.encode("cp1256")),
        WORDS.encode("cp1256").decode("latin-1").replace(" ", "+"),
        quote(quote(WORDS)),
        quote_plus(quote_plus(WORDS)),
        quote(quote(quote(WORDS))),
        "".join(f"%u{ord(char):04X}" if char != " " else "%20" for char in WORDS),
        quote("Ø\u00adÙ…Øµ Ø§Ù„Ù‚Ø¯ÙŠÙ…Ø©"),
        quote("ط\u00adظ…طµ ط§ظ„ظ‚ط¯ظٹظ…ط©"),
        quote(WORDS.encode("cp1256").decode("cp1252")),
    ],
)
def test_the_words_are_understood(raw: str) -> None:
    assert understood(f"q={raw}") == WORDS


@pytest.mark.parametrize(
    "typed", ["100%", "50%25", "café à côté", "%D8", "%uD83D%uDE00", "C%2B%2B", "حمص 100%", "%E3%81%82"]
)
def test_other_values_stay_as_they_are(typed: str) -> None:
    assert understood(f"q={quote(typed)}") == typed


def test_a_link_that_was_cut_keeps_its_letters() -> None:
    assert understood(f"q={quote(WORDS)[:-3]}") == WORDS[:-1] + "\N{REPLACEMENT CHARACTER}"


def test_an_address_within_an_address_keeps_what_it_escapes() -> None:
    search = f"/search/?{urlencode({'q': f'{WORDS} #نهر & C++ 100%'})}"
    for name in ("next", "_changelist_filters", "back"):
        assert read_pairs(urlencode({name: search})) is None
        assert parse_qs(urlencode(read_pairs(urlencode({name: search, "q": quote(WORDS)})) or [])) == {
            name: [search],
            "q": [WORDS],
        }


@pytest.mark.django_db
def test_the_login_leads_to_the_search_that_was_asked_for(client: Client) -> None:
    search = f"/search/?{urlencode({'q': 'نهر #1 & C++'})}"
    page = client.get("/login/", QUERY_STRING=urlencode({"next": search}))
    kept = re.search('name="next"[^>]* value="([^"]*)"', page.text)
    assert kept
    assert unescape(kept[1]) == search


def test_every_value_of_a_search_is_read_whether_it_was_escaped_once_or_twice() -> None:
    values: dict[str, Any] = {"view": "compare", "view_options": (("vs", "نهر"),)}
    for each in fields(SearchRequest):
        if each.default in ("", ()) and each.name not in {"group", "close", *values}:
            values[each.name] = "آب 2013" if each.default == "" else ("حمص", "آب 2013")
    pairs = parse_qsl(SearchRequest(**values).query_string())
    assert len(pairs) > 25
    assert read_pairs(urlencode([(name, quote(value)) for name, value in pairs])) == pairs


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], max_codepoint=0x7F)))
def test_plain_addresses_are_not_rewritten(text: str) -> None:
    if "%" not in text:
        assert read_pairs(f"q={quote(text)}&page=2") is None


@given(st.binary(max_size=60))
def test_any_bytes_are_read(data: bytes) -> None:
    understood("q=" + quote(data))
    understood("q=" + data.decode("latin-1"))


@pytest.mark.django_db
def test_page_and_interface_get_what_is_meant(client: Client, archive: dict) -> None:
    raw = quote_plus(WORDS.encode("cp1256"))
    assert f'value="{WORDS}"' in client.get("/search/", QUERY_STRING=f"q={raw}").text
    hit, *_others = client.get("/api/v1/search", QUERY_STRING=f"q={raw}").json()["hits"]
    assert hit["title"] == "أفران تعود إلى العمل"
