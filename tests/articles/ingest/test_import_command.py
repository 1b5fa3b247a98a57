"""`import_articles`: new, unchanged, changed and duplicate records; nothing is lost or done twice."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.ingest import publish
from articles.ingest.lease import LeaseUnavailableError, hold_lease, renew_lease
from articles.models import Article, ImportBatch, ImportRow, Outbox, Place, PlaceMention, Revision, Source
from tests.articles.conftest import Import, import_paths, jsonl_line

pytestmark = pytest.mark.django_db

ONE = {
    "id": "1",
    "source": "الجريدة",
    "title": "قافلة إلى حمص",
    "body": "وصلت القافلة إلى حمص.",
    "date": "2012-05-24",
}
TWO = {"id": "2", "source": "الجريدة", "title": "سوق حلب", "body": "فتحت السوق أبوابها في حلب."}


def counts(report: dict[str, Any]) -> dict[str, int]:
    """Return the outcomes that are not zero."""
    names = ("read", "created", "updated", "unchanged", "duplicates", "rejected")
    return {name: report[name] for name in names if report[name]}


def test_the_json_has_the_documented_keys(import_lines: Import) -> None:
    report = import_lines(ONE, {"id": "x"})
    assert list(report) == [
        "read", "created", "updated", "unchanged", "held", "duplicates", "rejected", "seconds", "rejects",
        "holds",
        "notes",
    ]  # fmt: skip
    assert report["rejects"][0]["file"] == "news.jsonl"
    assert report["rejects"][0]["row"] == 2
    assert report["rejects"][0]["reason"]


def test_a_new_article_keeps_everything_it_came_with(import_lines: Import) -> None:
    assert counts(import_lines(ONE)) == {"read": 1, "created": 1}
    article = Article.objects.visible().get()
    line = jsonl_line(**ONE).encode()
    assert bytes(article.original) == line
    assert article.sha256 == hashlib.sha256(line).hexdigest()
    assert (article.source.name, article.external_id, article.title) == ("الجريدة", "1", "قافلة إلى حمص")
    assert (article.date.isoformat(), article.date_precision) == ("2012-05-24", "day")
    assert set(article.places.values_list("name", flat=True)) == {"حمص"}
    upload = article.batch.uploads.get()
    assert (upload.name, upload.content, upload.complete) == ("news.jsonl", None, True)
    assert upload.sha256 == hashlib.sha256(line).hexdigest()


def test_the_same_again_is_unchanged_and_nothing_is_written_to_the_outbox(import_lines: Import) -> None:
    import_lines(ONE, TWO)
    Outbox.objects.all().delete()
    assert counts(import_lines(ONE, TWO)) == {"read": 2, "unchanged": 2}
    assert not Outbox.objects.filter(kind="article").exists()
    assert not Revision.objects.exists()


def test_the_same_content_written_otherwise_is_unchanged(import_lines: Import) -> None:
    import_lines(ONE)
    assert counts(import_lines(dict(reversed(ONE.items())))) == {"read": 1, "unchanged": 1}


def test_other_content_under_the_same_key_updates_and_leaves_a_revision(import_lines: Import) -> None:
    import_lines(ONE)
    changed = {**ONE, "body": "وصلت القافلة إلى دمشق."}
    assert counts(import_lines(changed)) == {"read": 1, "updated": 1}
    article = Article.objects.get()
    assert article.body == changed["body"]
    assert bytes(article.original) == jsonl_line(**changed).encode()
    assert set(article.places.filter(mentions__field="body").values_list("name", flat=True)) == {"دمشق"}
    revision = article.revisions.get()
    assert revision.before["body"] == ONE["body"]
    assert bytes(revision.original_before) == jsonl_line(**ONE).encode()
    assert Outbox.objects.filter(article_id=article.pk).exists()


def test_a_field_that_a_file_leaves_open_is_not_emptied(import_lines: Import) -> None:
    import_lines(ONE)
    undated = {name: ONE[name] for name in ("id", "source", "title")}
    assert counts(import_lines({**undated, "body": "نص جديد."})) == {
        "read": 1, "updated": 1,
    }  # fmt: skip
    assert Article.objects.get().date.isoformat() == "2012-05-24"


def test_what_staff_corrected_survives_the_same_file(import_lines: Import) -> None:
    import_lines(ONE)
    Article.objects.update(title="عنوان صححه أمين الأرشيف")
    assert counts(import_lines(ONE)) == {"read": 1, "unchanged": 1}
    assert Article.objects.get().title == "عنوان صححه أمين الأرشيف"


def test_the_same_text_under_another_key_is_stored_and_linked(import_lines: Import) -> None:
    report = import_lines(ONE, {**ONE, "id": "99"}, {**ONE, "source": "جريدة أخرى"})
    assert counts(report) == {"read": 3, "created": 3, "duplicates": 2}
    first, *others = Article.objects.order_by("pk")
    assert first.duplicate_of is None
    assert [other.duplicate_of for other in others] == [first, first]


def test_a_text_of_an_earlier_import_is_linked_too(import_lines: Import) -> None:
    import_lines(ONE)
    assert counts(import_lines({**ONE, "id": "99"})) == {"read": 1, "created": 1, "duplicates": 1}


def test_one_key_three_times_in_a_file_ends_as_the_last_says(import_lines: Import) -> None:
    import_lines(ONE)
    report = import_lines(
        {**ONE, "title": "ب"}, {**ONE, "title": "ج"}, {**ONE, "title": "ج", "byline": "كاتب"}
    )
    assert counts(report) == {"read": 3, "updated": 3}
    article = Article.objects.get()
    assert (article.title, article.byline) == ("ج", "كاتب")
    assert article.revisions.count() == 3


def test_a_key_twice_in_a_first_import_makes_one_article(import_lines: Import) -> None:
    assert counts(import_lines(ONE, {**ONE, "title": "ب"})) == {"read": 2, "created": 1, "updated": 1}
    assert Article.objects.get().title == "ب"


def test_given_cities_are_mentions_with_the_evidence_metadata(import_lines: Import) -> None:
    import_lines({**ONE, "cities": ["حلب", "ضيعة العين"]})
    given = PlaceMention.objects.filter(field="metadata", evidence="metadata", start=None)
    assert set(given.values_list("place__name", flat=True)) == {"حلب", "ضيعة العين"}
    assert Place.objects.get(name="ضيعة العين").key.startswith("own-")


def test_the_default_source_is_for_records_that_name_none(import_lines: Import) -> None:
    import_lines({"id": "1", "title": "أ"}, ONE, source="موقع")
    assert list(Article.objects.order_by("pk").values_list("source__name", flat=True)) == ["موقع", "الجريدة"]


def test_a_dry_run_says_the_same_and_changes_nothing(import_lines: Import) -> None:
    import_lines(ONE)
    models = (Article, Source, Place, PlaceMention, ImportBatch, ImportRow, Revision, Outbox)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    records = [
        {**ONE, "title": "آخر"},
        TWO,
        {**TWO, "id": "3", "source": "جديدة", "cities": ["قرية"]},
        {"id": "4"},
    ]
    dry = import_lines(*records, dry_run=True, source="مصدر جديد")
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    real = import_lines(*records, source="مصدر جديد")
    assert (
        counts(dry) == counts(real) == {"read": 4, "created": 2, "updated": 1, "duplicates": 1, "rejected": 1}
    )


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"title": ""}, id="a guessed title is none"),
        pytest.param({"byline": "كاتب"}, id="byline"),
        pytest.param({"source": ""}, id="no source said"),
        pytest.param({"date": "2012-05"}, id="a date less precise"),
        pytest.param({"date": ""}, id="no date said"),
        pytest.param({"cities": ["حلب"]}, id="cities"),
        pytest.param({"cities": []}, id="no cities said"),
        pytest.param({"note": "x"}, id="other bytes"),
    ],
)
def test_a_dry_run_knows_what_an_update_would_leave_as_it_is(
    import_lines: Import, again: dict[str, object]
) -> None:
    first = {**ONE, "id": "7", "byline": "", "url": "https://example.org/7"}
    import_lines(first)
    dry = import_lines({**first, **again}, dry_run=True)
    assert counts(dry) == counts(import_lines({**first, **again}))


def test_folders_are_read_to_the_bottom_and_archives_too(tmp_path: Path) -> None:
    deep = tmp_path / "أخبار" / "2012"
    deep.mkdir(parents=True)
    (deep / "1.txt").write_text("خبر أول. له تتمة.", encoding="cp1256")
    (deep.parent / "2.jsonl.gz").write_bytes(gzip.compress(jsonl_line(**TWO).encode()))
    (deep / ".DS_Store").write_bytes(b"\0")
    (deep / "صورة.png").write_bytes(b"\x89PNG")
    report = import_paths(tmp_path / "أخبار")
    assert counts(report) == {"read": 3, "created": 2, "rejected": 1}
    article = Article.objects.get(title_derived=True)
    assert (article.title, article.file_name) == ("خبر أول.", "أخبار/2012/1.txt")


def test_a_link_in_a_folder_to_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("سر لا يخص هذا المجلد. له تتمة.", encoding="utf-8")
    (folder / "1.txt").write_text("خبر أول. له تتمة.", encoding="utf-8")
    (folder / "2.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "3.txt").symlink_to(folder / "1.txt")
    (folder / "all").symlink_to(tmp_path)
    report = import_paths(folder)
    assert counts(report) == {"read": 3, "created": 1, "unchanged": 1, "rejected": 1}
    assert list(ImportRow.objects.filter(outcome="rejected").values_list("file_name", "reason")) == [
        ("folder/2.txt", "archive-link")
    ]
    assert counts(import_paths(folder / "2.txt")) == {"read": 1, "created": 1}, "whoever names it wants it"


def test_a_path_that_is_not_there_is_a_wrong_argument(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_articles", str(tmp_path / "nothing"))
    assert refused.value.returncode == 2


def test_a_file_over_the_limit_is_refused_by_name(tmp_path: Path, settings: Any) -> None:
    settings.COMMAND_MAX_FILE_BYTES = 10
    (tmp_path / "a.txt").write_text("خبر طويل جدا")
    report = import_paths(tmp_path / "a.txt")
    assert counts(report) == {"read": 1, "rejected": 1}
    assert "10" in report["rejects"][0]["reason"]


class Killed(BaseException):
    """Simulates the death of the process: no handler of the code may catch it."""


def test_killed_while_staging_shows_nothing_and_the_next_run_takes_over(
    import_lines: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publish, "publish", die)
        with pytest.raises(Killed):
            import_lines(ONE, TWO)
    assert Article.objects.count() == 2
    assert not Article.objects.visible().exists()
    assert not Outbox.objects.exists()
    assert counts(import_lines(ONE, TWO)) == {"read": 2, "created": 2}
    assert Article.objects.visible().count() == 2


@pytest.mark.parametrize("at", [1, 2, 3])
def test_killed_while_publishing_goes_on_without_doubles(
    import_lines: Import, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    records = [{**ONE, "id": str(number), "title": f"خبر {number}"} for number in range(3)]
    import_lines(*records)
    real, calls = publish._apply_update, []

    def die_at(*args: Any) -> None:
        calls.append(1)
        if len(calls) == at:
            raise Killed
        real(*args)

    monkeypatch.setattr(publish, "CHUNK", 1)
    with monkeypatch.context() as patch:
        patch.setattr(publish, "_apply_update", die_at)
        with pytest.raises(Killed):
            import_lines(*[{**record, "body": "نص جديد"} for record in records], {**TWO, "id": "9"})
    batch = ImportBatch.objects.latest("pk")
    assert batch.state == ImportBatch.State.PUBLISHING
    assert not Article.objects.visible().filter(title=TWO["title"]).exists()
    with hold_lease(batch, ImportBatch.State.PUBLISHING):
        publish.publish(batch)
    assert Article.objects.visible().count() == 4
    assert Revision.objects.count() == 3
    assert set(Article.objects.exclude(title=TWO["title"]).values_list("body", flat=True)) == {"نص جديد"}
    assert batch.counts == {
        "read": 4,
        "created": 1,
        "updated": 3,
        "unchanged": 0,
        "held": 0,
        "duplicates": 0,
        "rejected": 0,
    }


def test_publishing_twice_does_nothing_the_second_time(import_lines: Import) -> None:
    import_lines(ONE)
    with (
        pytest.raises(LeaseUnavailableError),
        hold_lease(ImportBatch.objects.get(), ImportBatch.State.STAGING),
    ):
        pass


def test_a_batch_is_worked_on_by_one_process_until_its_claim_runs_out() -> None:
    batch = ImportBatch.objects.create()
    with hold_lease(batch, ImportBatch.State.STAGING):
        again = ImportBatch.objects.get()
        with pytest.raises(LeaseUnavailableError), hold_lease(again, ImportBatch.State.STAGING):
            pass
        ImportBatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        with hold_lease(again, ImportBatch.State.STAGING):
            assert again.claimed_until is not None


def test_who_overran_a_claim_neither_frees_nor_renews_that_of_another() -> None:
    slow = ImportBatch.objects.create()
    with hold_lease(slow, ImportBatch.State.STAGING):
        slow.claimed_until = timezone.now() - timedelta(seconds=1)
        ImportBatch.objects.update(claimed_until=slow.claimed_until)
        other = ImportBatch.objects.get()
        taking = ExitStack()
        taking.enter_context(hold_lease(other, ImportBatch.State.STAGING))
        with pytest.raises(LeaseUnavailableError):
            renew_lease(slow)
    assert ImportBatch.objects.get().claimed_until == other.claimed_until is not None
    taking.close()
    assert ImportBatch.objects.get().claimed_until is None


def test_a_source_whose_name_holds_bytes_that_are_no_text_is_stored_as_shown(import_lines: Import) -> None:
    import_lines({"title": "خبر"}, source="وكالة\udcff")
    assert Article.objects.select_related("source").get().source.name == "وكالة\N{REPLACEMENT CHARACTER}"
