"""Readers are told that OCR read a text, and with which confidence."""

from __future__ import annotations

import pytest
from django.test import Client

from search.engines.contract import SearchEngine
from tests.search.news import index_all
from tests.search.web.conftest import Write

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
