"""Evidence exports can be verified without the archive, and any change is detected."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.geotagging.geotagger import record_override, withdraw_override
from articles.history.evidence.container import pack_zip, seal_files
from articles.history.evidence.dossier import Evidence, build_dossier, export_evidence
from articles.history.inference_review import correct, reject
from articles.metadata.date_mentions import reject_date, tag_dates
from articles.models import Article, EvidenceExport
from tests.articles.conftest import Import
from tests.articles.forging import ALTERED, add_file, reseal
from tools import verify_evidence

pytestmark = pytest.mark.django_db
SCRIPT = Path(verify_evidence.__file__)


@pytest.fixture
def article(import_lines: Import) -> Article:
    """Return an article that was imported, updated from other bytes, then corrected by hand."""
    record = {"id": "1", "title": "قافلة إلى حمص", "source": "صحيفة الضفاف", "date": "2012-05-24"}
    import_lines({**record, "body": "وصلت القافلة."})
    import_lines({**record, "body": "وصلت القافلة مساء."}, name="later.jsonl")
    found = Article.objects.get()
    found.revisions.create(before={"byline": ""}, reason="أضيف اسم الكاتب", made_by=None)
    Article.objects.update(byline="مراسلنا")
    return Article.objects.get()


@pytest.fixture
def made(article: Article) -> Evidence:
    return export_evidence(article, by="librarian", query="/search/?q=القافلة")


def content(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(data: bytes, seal: str = "") -> list[str]:
    return verify_evidence.verify(data, seal)[0]


def test_it_contains_the_decisions_about_places(article: Article, librarian: User) -> None:
    place = article.places.get()
    withdraw_override(
        record_override(article, place, "not-meant", by=librarian, reason="شركة", name="حمص"), by=librarian
    )
    (decided,) = json.loads(content(export_evidence(article).data)["metadata.json"])["place_decisions"]
    assert (decided["place"], decided["by"], decided["reason"]) == ("حمص", "librarian", "شركة")
    assert decided["undone_by"] == "librarian"


def test_it_contains_the_decisions_about_dates(librarian: User) -> None:
    article = Article.objects.create(title="خبر", body="وقع ذلك في 8 شباط 2012.")
    tag_dates(article)
    reject_date(article.date_mentions.get(), article, by=librarian, reason="سنة أخرى")
    (decided,) = json.loads(content(export_evidence(article).data)["metadata.json"])["date_decisions"]
    assert (decided["date"], decided["by"], decided["reason"]) == ("2012-02-08", "librarian", "سنة أخرى")
    assert decided["undone_at"] == ""


def test_it_contains_the_inferences_and_the_decisions_about_them(
    import_lines: Import, librarian: User
) -> None:
    import_lines({"id": "1", "body": "بقلم: نجيب عازار\nحمص - سانا: وصلت القافلة إلى الحي القديم."})
    article = Article.objects.get()
    correct(article.inferences.get(field="byline"), "نجيب العازار", by=librarian)
    reject(article.inferences.get(field="source"), by=librarian)
    files = content(export_evidence(Article.objects.get()).data)
    facts = {fact["field"]: fact for fact in json.loads(files["metadata.json"])["inferred"]}
    assert set(facts) == {"title", "byline", "source", "dateline"}
    byline, source, dateline = facts["byline"], facts["source"], facts["dateline"]
    assert (byline["value"], byline["decided_value"]) == ("نجيب عازار", "نجيب العازار")
    assert (byline["state"], byline["decided_by"], bool(byline["decided_at"])) == (
        "corrected", "librarian", True,
    )  # fmt: skip
    assert (source["state"], source["used"]) == ("rejected", False)
    assert (dateline["state"], dateline["used"], dateline["decided_by"]) == ("proposed", True, "")
    assert "حمص - سانا" in dateline["evidence"]
    assert 0 < dateline["confidence"] <= 1
    assert dateline["rule"]
    page = files["page.html"].decode()
    assert "مقروء من النص" in page
    assert "نجيب العازار" in page
    assert "وكالة الأنباء السورية" not in page.split("مقروء من النص")[1], "it was rejected"


def test_it_contains_original_text_metadata_chain_and_a_page(made: Evidence, article: Article) -> None:
    files = content(made.data)
    assert files["original.bin"] == bytes(article.original)
    assert files["text.txt"].decode() == "قافلة إلى حمص\n\nوصلت القافلة مساء.\n"
    metadata = json.loads(files["metadata.json"])
    assert (metadata["source"], metadata["search"]) == ("صحيفة الضفاف", "/search/?q=القافلة")
    chain = json.loads(files["chain.json"])
    assert [step["kind"] for step in chain] == ["received", "changed", "changed"]
    assert chain[0]["uploads"][0]["name"].endswith("news.jsonl")
    assert chain[2]["reason"] == "أضيف اسم الكاتب"
    page = files["page.html"].decode()
    assert all(text in page for text in ('dir="rtl"', 'dir="ltr"', "وصلت القافلة مساء.", chain[2]["hash"]))
    assert "http://" not in page, "the page needs nothing from anywhere"
    assert "<script" not in page
    arabic, english = page.split('lang="en"')
    assert "عُدّل: الكاتب — <bdi>أضيف اسم الكاتب" in arabic, "fields are called as in the archive"
    assert "Changed: byline — " in english


def test_an_untouched_export_is_intact_and_its_seal_is_on_record(made: Evidence) -> None:
    assert verify_evidence.verify(made.data, made.seal) == ([], made.seal)
    record = EvidenceExport.objects.get()
    assert (record.seal, record.made_by_name) == (made.seal, "librarian")


def test_the_same_article_gives_the_same_bytes(made: Evidence, article: Article) -> None:
    assert export_evidence(article, by="somebody else", query="/search/?q=القافلة").data == made.data
    assert export_evidence(article).data != made.data, "the search is part of it"


def test_it_says_how_sure_a_text_is_that_was_read_by_machine(article: Article) -> None:
    Article.objects.update(ocr_confidence=86, low_confidence_words="حماه")
    files = content(export_evidence(Article.objects.get()).data)
    assert json.loads(files["metadata.json"])["state"]["ocr_confidence"] == 86
    assert 'قُرئ آليًا، وثقة التعرّف الضوئي (OCR)</dt><dd><bdi dir="ltr">86%' in files["page.html"].decode()


def test_text_cannot_break_out_of_the_page(article: Article) -> None:
    Article.objects.update(title="<script>x</script>", body="</div><img src=x>")
    page = content(export_evidence(Article.objects.get()).data)["page.html"].decode()
    assert "<script" not in page
    assert "<img" not in page


# -- detection of changes


@pytest.fixture(scope="module")
def sample() -> bytes:
    """Return a small export, made without a database."""
    state = {"title": "قافلة", "body": "وصلت.", "date": None}
    earlier = {"body": "لم تصل."}
    from articles.history.evidence.container import canonical_json, hash_chain, readable_json  # noqa: PLC0415  only here
    from articles.text.fingerprints import sha256_of  # noqa: PLC0415  only here

    files = {
        "original.bin": b"\x00new\xff", "text.txt": "قافلة\n\nوصلت.\n".encode(), "page.html": b"<p>x",
        "metadata.json": readable_json({"state": state, "original_sha256": sha256_of(b"\x00new\xff")}),
        "revisions/0001.json": readable_json(earlier), "revisions/0001.original": b"old",
    }  # fmt: skip
    received = {
        "kind": "received",
        "original": sha256_of(b"old"),
        "state": sha256_of(canonical_json(state | earlier)),
    }
    changed = {
        "kind": "changed", "state": sha256_of(canonical_json(state)), "original_before": sha256_of(b"old"),
        "before": sha256_of(files["revisions/0001.json"]),
    }  # fmt: skip
    return seal_files(7, files, hash_chain([received, changed]))[0]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**9), flip=st.integers(1, 255))
def test_any_flipped_byte_is_detected(sample: bytes, at: int, flip: int) -> None:
    assert faults(sample) == []
    altered = bytearray(sample)
    altered[at % len(sample)] ^= flip
    assert faults(bytes(altered)) != []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**9), more=st.binary(min_size=1, max_size=20))
def test_anything_added_or_cut_off_is_detected(sample: bytes, at: int, more: bytes) -> None:
    at %= len(sample)
    assert faults(sample[:at]) != []
    assert faults(sample[:at] + more + sample[at:]) != []


@pytest.mark.parametrize(("alter", "named"), ALTERED, ids=lambda each: getattr(each, "__name__", ""))
def test_what_was_altered_is_named_even_under_a_new_seal(
    made: Evidence, alter: Callable[[dict[str, bytes]], None], named: str
) -> None:
    files = content(made.data)
    alter(files)
    for data in (pack_zip(files), reseal(files)):
        assert any(fault.startswith(named) for fault in faults(data)), faults(data)


def test_a_file_that_was_added_is_named(made: Evidence) -> None:
    files = content(made.data)
    add_file(files)
    assert faults(pack_zip(files)) == ["extra.txt: was not there when this was sealed"]


def test_a_forgery_that_makes_every_hash_anew_has_another_seal(made: Evidence, article: Article) -> None:
    Article.objects.update(body="نص مزوّر.")
    forged = export_evidence(Article.objects.get(), query="/search/?q=القافلة")
    assert faults(forged.data, made.seal) == [f"the seal is {forged.seal}, not the one given"]


# -- the script, the command, the admin


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script in an interpreter without packages, outside the project."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *arguments], check=False, capture_output=True, text=True,
        cwd="/", env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_the_program_needs_nothing_but_python_and_answers_by_its_exit_code(
    made: Evidence, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(made.data)
    bad.write_bytes(made.data.replace("مساء".encode(), "صباح".encode(), 1))
    done = run(str(good), "--seal", made.seal)
    assert (done.returncode, done.stdout) == (0, f"{good}: intact, seal {made.seal}\n")
    done = run(str(good), str(bad))
    assert done.returncode == 1
    assert "ALTERED" in done.stdout
    assert run(str(tmp_path / "none.zip")).returncode == 2
    assert run().returncode == 2
    (tmp_path / "text").write_text("x")
    assert run(str(tmp_path / "text")).returncode == 1


def test_the_program_and_the_archive_make_the_same_zip(made: Evidence) -> None:
    assert verify_evidence.build_zip(content(made.data)) == pack_zip(content(made.data)) == made.data


def test_the_command_writes_a_file_for_each_and_prints_the_seals(article: Article, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export_evidence", str(article.pk), "--to", str(tmp_path / "new"), "--json", stdout=out)
    (line,) = json.loads(out.getvalue())["exports"]
    assert faults(Path(line["file"]).read_bytes(), line["seal"]) == []
    with pytest.raises(CommandError, match="999"):
        call_command("export_evidence", str(article.pk), "999", "--to", str(tmp_path / "other"))
    assert not (tmp_path / "other").exists()


def test_the_admin_exports_one_and_many(article: Article) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("administrator", "", "x"))
    one = client.post(reverse("admin:articles_article_evidence", args=[article.pk]), {"q": "حمص"})
    assert faults(one.content) == []
    second = Article.objects.create(title="خبر ثان", original=b"x")
    many = client.post(
        reverse("admin:articles_article_changelist"),
        {"action": "export_evidence", "_selected_action": [str(article.pk), str(second.pk)]},
    )
    files = content(many.content)
    assert sorted(files) == [f"evidence-{article.pk}.zip", f"evidence-{second.pk}.zip", "seals.txt"]
    for line in files["seals.txt"].decode().splitlines():
        seal, name = line.split()
        assert faults(files[name], seal) == []


def test_an_article_written_by_hand_is_exported_too() -> None:
    files, chain = build_dossier(
        Article.objects.create(title="خبر", body="نص", original="خبر\n\nنص".encode())
    )
    assert (chain[0]["import"], chain[0]["uploads"]) == (None, [])
    assert files["text.txt"].decode() == "خبر\n\nنص\n"
