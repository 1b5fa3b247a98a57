"""The commands of docs/operations.md, "Articles from before", update old archives like a new import."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from articles.models import (
    Article,
    CleaningRule,
    DateMention,
    Inference,
    Outbox,
    Place,
    PlaceMention,
    Revision,
    Source,
    StoryBand,
    StoryLink,
    StoryMember,
    TextCut,
)
from search.indexing.outbox_consumer import drain_outbox
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[3] / "docs" / "operations.md"
REPORT = (
    "وصلت قافلة مساعدات إلى مدينة حمص صباح أمس الأربعاء، وتسلمت العائلات في الحي القديم حصصها من الطحين.",
    "وقال سائق من دمشق إن الطريق كان مفتوحا، وإن القافلة عبرت بلدة تلبيسة من دون توقف في 3 آذار 2012.",
    "وأضاف أن ثلاثين شاحنة بقيت عند مدخل المدينة حتى المساء في انتظار الإذن بالدخول إلى الأحياء.",
)
RECORDS: list[dict[str, object]] = [
    {
        "id": "1", "source": "صحيفة الضفاف", "title": "قافلة إلى حمص", "date": "2012-05-24",
        "body": "\n".join([*REPORT, "شارك الخبر", "المزيد حول هذه القصة"]),
    },
    {"id": "2", "source": "سنابل", "title": "قافلة مساعدات", "date": "2012-05-24", "body": "\n".join(REPORT)},
    {"id": "3", "title": "عودة السوق", "body": f"بقلم: نجيب عازار\nحلب، 24 أيار 2012 - سانا: {REPORT[2]}"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def index(tmp_path: Path, settings: LazySettings, db: None) -> None:
    """Configure an embedded index for this test only."""
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {
        "embedded": settings.SEARCH_ENGINES["embedded"] | {"PATH": tmp_path / "index"}
    }
    call_command("rebuild_index", "--json", stdout=io.StringIO(), stderr=io.StringIO())


def listed() -> list[list[str]]:
    """Return the commands of the list, in their order."""
    section = PAGE.read_text(encoding="utf-8").split("### Articles from before\n")[1].split("\n## ")[0]
    return [shlex.split(line) for line in re.findall(r"^\| `manage\.py ([^`]+)` \|", section, re.MULTILINE)]


def run_the_list() -> None:
    for name, *arguments in listed():
        out = io.StringIO()
        call_command(name, *arguments, stdout=out, stderr=io.StringIO())
        assert out.getvalue(), name


def known() -> list[dict[str, Any]]:
    """Return the stored values of each article."""
    return [
        {
            "title": article.title,
            "body": article.body,
            "byline": article.byline,
            "source": article.source and article.source.name,
            "date": str(article.date),
            "places": sorted(article.mentions.values_list("place__slug", "field", "start", "end")),
            "dates": sorted(article.date_mentions.values_list("first_day", "last_day", "start")),
            "cuts": list(article.cuts.values_list("start", "text")),
            "facts": sorted(article.inferences.values_list("field", "value", "used")),
            "versions": StoryMember.objects.filter(article=article).count(),
        }
        for article in Article.objects.order_by("external_id")
    ]


def as_if_from_before() -> None:
    """Reduce the archive to the data that the first version stored: imported texts, nothing extracted."""
    for article in Article.objects.order_by("pk"):
        record = json.loads(bytes(article.original))
        article.title, article.body, article.title_derived = record["title"], record["body"], False
        article.byline, article.date, article.date_precision = "", None, ""
        if day := record.get("date"):
            article.date, article.date_precision = day, "day"
        article.source = Source.objects.get(name=record["source"]) if record.get("source") else None
        article.save()
    for model in (PlaceMention, DateMention, TextCut, Inference, StoryMember, StoryLink, StoryBand, Revision):
        model.objects.all().delete()
    Place.objects.update(country="", governorate="", latitude=None)
    Outbox.objects.all().delete()


def test_the_upgrade_list_gives_an_old_archive_what_an_import_gives_now(import_lines: Import) -> None:
    import_lines(*RECORDS)
    wanted = known()
    assert [bool(each["cuts"]) for each in wanted] == [True, False, False]
    assert all(each["places"] and each["dates"] for each in wanted)
    assert [each["versions"] for each in wanted] == [1, 1, 0]
    assert {"byline", "source", "date", "dateline"} <= {field for field, *_ in wanted[2]["facts"]}
    as_if_from_before()
    assert known() != wanted
    run_the_list()
    assert known() == wanted
    assert not Place.objects.filter(country="").exists()


def test_a_second_run_changes_nothing(import_lines: Import) -> None:
    import_lines(*RECORDS)
    as_if_from_before()
    run_the_list()
    before, revisions, rules = known(), Revision.objects.count(), CleaningRule.objects.count()
    drain_outbox()
    run_the_list()
    assert (known(), Revision.objects.count(), CleaningRule.objects.count()) == (before, revisions, rules)
    assert not Outbox.objects.filter(done_at__isnull=True).exists(), "nothing for the index to do"


def test_the_list_names_every_command_that_changes_stored_articles() -> None:
    assert [name for name, *_ in listed()] == [
        "clean_articles", "infer_facts", "tag_dates", "tag_places", "find_duplicates", "learn_furniture",
        "check_index",
    ]  # fmt: skip
