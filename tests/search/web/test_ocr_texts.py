"""Readers are told that OCR read a text, and with which confidence."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import html

from search.engines.contract import SearchEngine
from tests.search.news import index_all
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


def test_hits_article_and_api_say_how_sure_the_machine_was(
    client: Client, write: Write, engine: SearchEngine
) -> None:
    scan = write("مسح", "وصلت القافلة إلى حمص", ocr_confidence=86, low_confidence_words="القافلة")
    write("نص", "وصلت القافلة إلى حمص")
    index_all(engine)
    hits = client.get("/search/", {"q": "القافلة", "lang": "en"}).content.decode()
    assert hits.count("read by machine (OCR), 86%") == 1
    assert hits.count("read by machine") == 1
    page = client.get(f"/articles/{scan.pk}/", {"lang": "en"}).content.decode()
    assert "with an OCR confidence of 86%" in page
    found = client.get("/api/v1/search", {"q": "القافلة"}).json()
    assert sorted(str(hit["ocr_confidence"]) for hit in found["hits"]) == ["86", "None"]
    assert client.get(f"/api/v1/articles/{scan.pk}").json()["ocr_confidence"] == 86


def test_a_misread_word_is_found_alone_and_said_to_be_misread(
    client: Client, write: Write, engine: SearchEngine
) -> None:
    scan = write("مسح", "أسوار المدبنة", ocr_confidence=86, low_confidence_words="المدبنه")
    write("مسح", "ولم يكن قبل حزب", ocr_confidence=86, low_confidence_words="حزب قبل")
    index_all(engine)
    asked = {word: client.get("/api/v1/search", {"q": word}).json() for word in ("المدينة", "قتل", "حرب")}
    assert [[hit["id"] for hit in each["hits"]] for each in asked.values()] == [[scan.pk], [], []]
    [word] = client.get(f"/api/v1/articles/{scan.pk}/why", {"q": "المدينة"}).json()["words"]
    assert [(form["text"], form["how"]) for form in word["found"]] == [("المدبنة", "misread")]
    reasons = {"en": "perhaps this word, misread by OCR", "ar": "أخطأ التعرّف الضوئي (OCR) في قراءتها"}
    for lang, reason in reasons.items():
        page = client.get(f"/articles/{scan.pk}/why/", {"q": "المدينة", "lang": lang}).content.decode()
        assert reason in page


def test_hits_by_likely_words_are_told_and_switched_off_on_page_api_command_and_in_exports(
    client: Client, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("خبر", "أسوار المدينة", findable=False)
    scan = write("مسح", "أسوار المدبنة", ocr_confidence=86, low_confidence_words="المدبنه")
    for lang, label in (("en", "likely reading of the scan"), ("ar", "قراءة آلية محتملة")):
        tree = html.fromstring(client.get("/search/", {"q": "المدينة", "lang": lang}).content.decode())
        [chip] = tree.cssselect(".expanded .chip")
        assert text_of(chip.cssselect("bdi")[0]) == label
        assert text_of(chip.cssselect(".chip-count")[0]) in ("(1)", "(١)")
        why = html.fromstring(client.get(f"/articles/{scan.pk}/why/", {"q": "المدينة"}).content.decode())
        for address in (chip.get("href"), why.cssselect(".why-reason a")[0].get("href")):
            assert "without=OCR" in address
            titles = html.fromstring(client.get(address).content.decode()).cssselect(".hit-title")
            assert list(map(text_of, titles)) == ["خبر"]
    found = client.get("/api/v1/search", {"q": "المدينة"}).json()
    [told] = found["expansions"]
    assert told == {
        "kind": "misread", "typed": "", "shown": "OCR", "active": True, "count": 1, "switch": "without",
    }  # fmt: skip
    assert client.get("/api/v1/search", {"q": "المدينة", "without": "OCR"}).json()["total"] == 1
    exported = b"".join(client.get("/search/export.jsonl", {"q": "المدينة"}).streaming_content)  # type: ignore[arg-type]  # of bytes
    record = json.loads(exported.splitlines()[0])
    assert record["expansions"] == [{"kind": "misread", "typed": "", "shown": "OCR", "count": 1}]
    call_command("search", "المدينة")
    assert "also searched for: " in capsys.readouterr().out
    call_command("search", "المدينة", "--without", "OCR")
    assert "not searched for: " in (printed := capsys.readouterr().out)
    assert "1 articles, page 1 of 1" in printed
