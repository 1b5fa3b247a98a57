"""Addresses in windows-1256, escaped twice, or with texts that were saved wrongly mean Arabic words."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

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
