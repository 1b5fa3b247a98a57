"""Erasure: no copy of the text is left, a record of it remains, and the same record is rejected."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import unpack_vocabulary
from articles.history.erasure import (
    ImportUnfinishedError,
    lift_erasure,
)
from articles.models import Article, ErasedRecord, Erasure, ImportBatch, ImportRow, Revision, Upload
from articles.text.fingerprints import content_mark
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from search.models import VocabularyPart
from search.vocabulary.vocabulary_store import current_vocabulary, frozen_vocabulary
from tests.articles.admin.test_upload import file, upload
from tests.articles.conftest import Import
from tests.articles.history.conftest import EARLIER, OTHER, RECORD, WORD, erase, everything, form

pytestmark = pytest.mark.django_db


def test_only_number_hash_ground_reason_user_and_time_remain_in_any_table(
    article: Article, administrator: User
) -> None:
    number, sha256 = article.pk, article.sha256
    assert all(word in everything() for word in (WORD, EARLIER))
    erasure = erase(article, administrator)
    assert (erasure.article_number, erasure.sha256, erasure.ground) == (number, sha256, "court")
    assert (erasure.reason, erasure.made_by_name) == ("حكم 12/2014", "administrator")
    assert erasure.made_at
    left = everything()
    assert not any(word in left for word in (WORD, EARLIER))
    assert not Article.objects.filter(pk=number).exists()
    assert "قافلة" in left, "the other article is as it was"


def test_its_words_leave_the_vocabulary_and_words_of_other_articles_stay(
    article: Article, administrator: User
) -> None:
    (word,) = normalized_terms(WORD)
    assert all(word in known for known in (current_vocabulary(), frozen_vocabulary()))
    erase(article, administrator)
    assert not any(word in known for known in (current_vocabulary(), frozen_vocabulary()))
    held = [unpack_vocabulary(bytes(part.words)) for part in VocabularyPart.objects.all()]
    assert not any(word in each.split(" ") for counts in held for each in {**counts.words, **counts.phrases})
    assert "حمص" in current_vocabulary()


def test_bytes_that_came_after_the_article_was_read_are_known_as_erased(
    article: Article, administrator: User
) -> None:
    Article.objects.filter(pk=article.pk).update(sha256="b" * 64)  # a librarian has accepted a new text
    erasure = erase(article, administrator)
    assert ErasedRecord.objects.filter(erasure=erasure, known_by=content_mark("b" * 64)).exists()


def test_a_draft_is_erased_too(index: None, administrator: User) -> None:
    rebuild_index()
    draft = Article.objects.create(title=WORD, state=Article.State.DRAFT, original=b"x")
    erase(draft, administrator)
    assert WORD not in everything()


def test_its_url_answers_410_with_day_and_ground_only(
    article: Article, administrator: User, client: Client
) -> None:
    number = erase(article, administrator).article_number
    for address in (f"/articles/{number}/", f"/articles/{number}/why/?q=x", f"/api/v1/articles/{number}"):
        answer = client.get(address, {"lang": "en"} if "?" not in address else {})
        assert answer.status_code == 410, address
        assert WORD not in answer.content.decode()
    page = client.get(f"/articles/{number}/", {"lang": "en"}).content.decode()
    assert "an order of a court or authority" in page
    assert "حكم 12/2014" not in page, "the reason is the archive's own record"
    assert client.get("/articles/999999/").status_code == 404


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(RECORD, id="the same bytes"),
        pytest.param({**RECORD, "body": "نص آخر"}, id="the same key with another text"),
        pytest.param({**RECORD, "body": f"قال {EARLIER} إن القافلة وصلت."}, id="an earlier state"),
    ],
)
def test_an_erased_record_is_rejected_until_the_erasure_is_lifted(
    article: Article, administrator: User, import_lines: Import, again: dict[str, object]
) -> None:
    number = article.pk
    erasure = erase(article, administrator)
    report = import_lines(again, name="later.jsonl")
    assert (report["created"], report["rejected"]) == (0, 1)
    assert f"#{number}" in report["rejects"][0]["reason"]
    assert (import_lines(again, name="later.jsonl", dry_run=True)["rejected"]) == 1
    lift_erasure(erasure, reason="رفع الحكم", by=administrator)
    assert import_lines(again, name="later.jsonl")["created"] == 1


def test_a_rejected_record_stops_nothing_else_and_is_not_stored(
    article: Article, administrator: User, import_lines: Import
) -> None:
    erase(article, administrator)
    report = import_lines(RECORD, {**OTHER, "id": "79", "title": "خبر ثالث"}, name="later.jsonl")
    assert (report["created"], report["rejected"]) == (1, 1)
    assert WORD not in everything()


def test_the_preview_of_an_upload_rejects_it_and_shows_none_of_it(
    article: Article, administrator: User, chair: Client
) -> None:
    number = article.pk
    erase(article, administrator)
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in (RECORD, {**OTHER, "id": "79"}))
    page = upload(chair, file("later.jsonl", lines)).content.decode()
    assert f"#{number}" in page
    assert WORD not in page
    assert WORD not in str(ImportBatch.objects.latest("pk").preview)


def test_uploads_and_pending_updates_lose_the_text(article: Article, administrator: User) -> None:
    batch = ImportBatch.objects.create(state="published", label="a.jsonl", preview=[{"sample": WORD}])
    Upload.objects.create(batch=batch, name="a.jsonl", sha256="0" * 64, content=WORD.encode(), rows_done=5)
    kept = Upload.objects.create(batch=batch, name="b.jsonl", sha256="1" * 64, content=b"other")
    ImportRow.objects.create(
        batch=batch, file_name="a.jsonl", row=3, outcome="updated", article=article, detail=WORD,
        pending={"values": {"title": WORD}}, pending_original=WORD.encode(),
    )  # fmt: skip
    erase(article, administrator)
    assert WORD not in everything()
    assert Upload.objects.get(sha256="0" * 64).name == "a.jsonl", "the file and its hash stay on record"
    assert bytes(Upload.objects.get(pk=kept.pk).content or b"") == b"other"


def test_an_unfinished_import_prevents_the_erasure(article: Article, administrator: User) -> None:
    batch = ImportBatch.objects.create(state="preview")
    Upload.objects.create(batch=batch, name="x.txt", sha256=article.sha256, content=b"x")
    with pytest.raises(ImportUnfinishedError) as refused:
        erase(article, administrator)
    assert refused.value.batches == [batch.pk]
    assert Article.objects.visible().filter(pk=article.pk).exists()


def test_its_bytes_are_gone_from_the_folder_of_the_index(
    index: None, import_lines: Import, administrator: User, settings: LazySettings
) -> None:
    rare = "zqxjkvwpt"  # of Latin letters: the compression of stored texts leaves it as it is
    others = ({**OTHER, "id": str(number), "title": f"قافلة {number}"} for number in range(100, 130))
    import_lines({**RECORD, "body": f"قال {WORD} {rare} إن القافلة وصلت."}, *others)
    drain_outbox()
    folder = Path(str(settings.SEARCH_ENGINES["embedded"]["PATH"]))

    def holds() -> bool:
        return any(rare.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())

    assert holds(), "or the test would prove nothing"
    erase(Article.objects.get(external_id="77"), administrator)
    assert not holds()
    assert len(list(folder.rglob("meta.json"))) == 1


def test_the_oldest_remaining_article_becomes_the_original_of_its_duplicates(
    article: Article, administrator: User
) -> None:
    second = Article.objects.create(title="a", duplicate_of=article, text_hash=article.text_hash)
    third = Article.objects.create(title="b", duplicate_of=article, text_hash=article.text_hash)
    erase(article, administrator)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.duplicate_of_id, third.duplicate_of_id) == (None, second.pk)


# -- the page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": "0"}, "Type the number"),
        ({"reason": " "}, "Say why"),
        ({"ground": "whim"}, "Choose a ground"),
    ],
)
def test_nothing_is_erased_unless_ground_reason_and_number_are_given(
    chair: Client, article: Article, changes: dict[str, str], told: str
) -> None:
    address = reverse("admin:articles_article_erase", args=[article.pk])
    answer = chair.post(address, form(article, **changes))
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()


def test_an_administrator_erases_sees_it_in_the_register_and_lifts_it(
    chair: Client, article: Article
) -> None:
    address = reverse("admin:articles_article_erase", args=[article.pk])
    assert "cannot be undone" in chair.get(address).content.decode()
    done = chair.post(address, form(article), follow=True).content.decode()
    assert f"Article {article.pk} was erased" in done
    erasure = Erasure.objects.get()
    entry = reverse("admin:articles_erasure_change", args=[erasure.pk])
    assert "Let the same record come in again" in chair.get(entry).content.decode()
    lift = reverse("admin:articles_erasure_lift", args=[erasure.pk])
    assert "Say why" in chair.post(lift, {"reason": ""}, follow=True).content.decode()
    chair.post(lift, {"reason": "رفع الحكم"})
    erasure.refresh_from_db()
    assert (erasure.lifted_by_name, erasure.lifted_reason) == ("administrator", "رفع الحكم")
    assert "Let the same record come in again" not in chair.get(entry).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases document it: docs/operations.md")
def test_no_page_of_the_sqlite_file_holds_the_text_after_an_erasure(
    index: None, import_lines: Import, administrator: User
) -> None:
    import_lines({**RECORD, "body": f"قال {EARLIER} " * 3000}, *({**OTHER, "id": str(n)} for n in range(30)))
    import_lines(RECORD, name="again.jsonl")
    drain_outbox()
    erased = Article.objects.get(external_id="77")
    name = Path(str(connection.settings_dict["NAME"]))
    forms = [word.encode(charset) for word in (WORD, EARLIER) for charset in ("utf-8", "unicode-escape")]
    assert any(form in _bytes(name) for form in forms), "or the test would prove nothing"
    erase(erased, administrator)
    connection.close()
    assert [form for form in forms if form in _bytes(name)] == []
    assert sqlite3.connect(name).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _bytes(name: Path) -> bytes:
    files = [name, name.with_name(name.name + "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_the_marks_are_hashes_only(article: Article, administrator: User) -> None:
    erase(article, administrator)
    assert all(
        mark.split(":")[0] in ("sha", "id", "url") and len(mark.split(":")[1]) == 64
        for mark in ErasedRecord.objects.values_list("known_by", flat=True)
    )
    assert not Revision.objects.exists()
