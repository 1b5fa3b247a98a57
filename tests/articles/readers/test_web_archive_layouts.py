"""Web archives in which the page that was asked for is not under the address of the list."""

from __future__ import annotations

import json

import pytest

from tests.articles.readers.sample_files import MORE, PAGE, TITLE, make_warc, make_zip, parse_file

ADDRESS = "https://nahr.example.org/2013/08/03/aid"
HTML = "text/html; charset=utf-8"
FRAME = ("https://ads.example.org/frame", HTML, f"<html><body><p>{MORE * 5}</p></body></html>".encode())
STORY = (ADDRESS, HTML, PAGE.encode())


def redirect(address: str, target: str) -> bytes:
    """Return a WARC of a redirect."""
    warc = make_warc((address, HTML, b""), packed=False, head=f"Location: {target}\r\n")
    return warc.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 301 OK")


def package(*listed: str, warc: bytes = b"", **more: bytes) -> bytes:
    """Return a WACZ whose list has these addresses."""
    lines = [{"format": "json-pages-1.0", "id": "pages"}, *({"url": url, "title": "x"} for url in listed)]
    parts = {"datapackage.json": b"{}", **{f"{name}.wacz": data for name, data in more.items()}}
    if warc:
        parts["archive/data.warc"] = warc
        parts["pages/pages.jsonl"] = "\n".join(map(json.dumps, lines)).encode()
    return make_zip(parts)


ALL = make_warc(STORY, FRAME, packed=False)
PACKAGES = {
    "the list has the place in the page": package(f"{ADDRESS}#comments", warc=ALL),
    "the list has another scheme and slash": package(f"{ADDRESS.replace('https', 'http')}/", warc=ALL),
    "the address was redirected": package(
        "http://go.example.org/1", warc=redirect("http://go.example.org/1", ADDRESS) + ALL
    ),
    "the address was redirected twice, without a host": package(
        "https://go.example.org/1",
        warc=redirect("https://go.example.org/1", "https://nahr.example.org/x")
        + redirect("https://nahr.example.org/x", "/2013/08/03/aid")
        + ALL,
    ),
    "several crawls in one package": package(crawl=package(ADDRESS, warc=ALL)),
}


@pytest.mark.parametrize("data", PACKAGES.values(), ids=PACKAGES)
@pytest.mark.parametrize("name", ["a.wacz", "a.zip"])
def test_the_page_that_was_asked_for_is_the_one_article(name: str, data: bytes) -> None:
    (found,) = parse_file(name, data)
    assert (found.title, found.url, found.rejected) == (TITLE, ADDRESS, None)


def test_a_package_of_several_crawls_goes_one_level_deep() -> None:
    inner = package(crawl=package(ADDRESS, warc=ALL))
    found = parse_file("a.wacz", package(first=package(ADDRESS, warc=ALL), second=inner))
    assert [each.url for each in found if not each.rejected] == [ADDRESS]
    assert [each.file for each in found if each.rejected] == ["a.wacz/second.wacz/crawl.wacz"]


def test_an_inner_crawl_that_is_damaged_is_told() -> None:
    (found,) = parse_file("a.wacz", package(crawl=b"PK nothing"))
    assert found.rejected is not None
    assert (found.file, found.rejected.code) == ("a.wacz/crawl.wacz", "archive-broken")


def test_pages_that_a_program_wrote_without_http_are_read() -> None:
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: 2012-03-04T10:00:00Z\r\n"
    warc = b"".join(
        head
        + f"WARC-Target-URI: {address}\r\nContent-Type: text/html\r\n".encode()
        + f"Content-Length: {len(PAGE.encode())}\r\n\r\n{PAGE}\r\n\r\n".encode()
        for address in (ADDRESS, "urn:view:1")
    )
    (found,) = parse_file("a.warc", warc)
    assert (found.title, found.url, found.rejected) == (TITLE, ADDRESS, None)


@pytest.mark.parametrize(("data", "count"), [(PAGE.encode(), 1), (b"\xff\xd8\xff", 0), (b"a{}", 0)])
def test_a_response_that_does_not_say_what_it_is_is_a_page_if_it_begins_like_one(
    data: bytes, count: int
) -> None:
    warc = make_warc((ADDRESS, "", data), packed=False)
    assert sum(not each.rejected for each in parse_file("a.warc", warc)) == count


@pytest.mark.parametrize("title", ["Index of /2013/08", "Directory listing for /"])
def test_the_list_of_files_of_a_folder_is_no_article(title: str) -> None:
    listing = f"<html><head><title>{title}</title></head><body><a href='a'>a</a></body></html>"
    (found,) = parse_file("a.warc", make_warc((f"{ADDRESS}/", HTML, listing.encode()), STORY))
    assert found.url == ADDRESS
