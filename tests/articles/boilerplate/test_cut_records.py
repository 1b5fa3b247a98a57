"""Cuts from the import to the rollback: each is stored, and restored at its place."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pytest
from django.contrib.auth.models import User

from articles.backfill import reapply_rules
from articles.boilerplate.rule_store import active_rules, install_shipped_rules, iter_shipped_rules
from articles.geotagging.geotagger import PlaceResolver
from articles.history import erasure
from articles.history.evidence.dossier import build_dossier
from articles.ingest import rollback
from articles.ingest.parallel_transform import RecordTransform
from articles.models import Article, CleaningRule, ImportBatch, ImportRow, MergedSource, Source, TextCut
from articles.text.fingerprints import sha256_of, text_hash
from articles.text.records import RawRecord
from tests.articles.conftest import Import, jsonl_line

pytestmark = pytest.mark.django_db

State = CleaningRule.State
FIRST, SECOND = "وصلت قافلة الإغاثة إلى حمص صباح أمس.", "وقال سامر علي إنها تحمل الطحين والدواء."
BODY = f"{FIRST}\nشارك الخبر\n{SECOND}\n\nالمزيد حول هذه القصة\nقوافل أخرى في الطريق"
CLEANED = f"{FIRST}\n{SECOND}"
RECORD = {"id": "1", "title": "قافلة إلى حمص", "body": BODY, "source": "صحيفة الضفاف", "date": "2012-05-24"}


def written(pattern: str, kind: str = "line", **fields: object) -> CleaningRule:
    rule: CleaningRule = CleaningRule.objects.create(
        pattern=pattern, kind=kind, **{"state": State.ACTIVE, **fields}
    )
    return rule


def only_article() -> Article:
    found: Article = Article.objects.get()
    return found


@pytest.fixture
def article(import_lines: Import) -> Article:
    import_lines(RECORD)
    return only_article()


def cut_of(article: Article, text: str) -> TextCut:
    found: TextCut = article.cuts.get(text__contains=text)
    return found


# -- an import


def test_an_import_stores_each_cut_with_its_rule_and_original(article: Article) -> None:
    assert article.body == CLEANED
    assert json.loads(bytes(article.original))["body"] == BODY
    assert article.sha256 == sha256_of(bytes(article.original))
    assert article.text_hash == text_hash(article.title, CLEANED)
    rows = list(article.cuts.all())
    assert [(row.start, row.text) for row in rows] == [
        (len(FIRST) + 1, "شارك الخبر\n"),
        (len(CLEANED), "\n\nالمزيد حول هذه القصة\nقوافل أخرى في الطريق"),
    ]
    assert all(row.rule.origin == "shipped" and row.made_at and row.in_effect for row in rows)
    assert rows[1].said == "tail: المزيد حول هذه القصة"
    assert ["furniture-cut", "2"] in ImportRow.objects.get().notes


def test_importing_the_same_text_again_changes_nothing_even_from_other_bytes(
    article: Article, import_lines: Import
) -> None:
    assert import_lines(RECORD)["unchanged"] == 1
    assert import_lines({"note": "x", **RECORD}, name="other.jsonl")["unchanged"] == 1
    assert article.cuts.count() == 2
    assert not article.revisions.exists()


def test_a_dry_run_compares_cleaned_texts_too(article: Article, import_lines: Import) -> None:
    assert import_lines({"note": "x", **RECORD}, name="other.jsonl", dry_run=True)["unchanged"] == 1


def test_places_and_dates_in_boilerplate_are_not_tagged(import_lines: Import) -> None:
    import_lines({**RECORD, "body": f"{FIRST}\nالمزيد حول هذه القصة\nقصف على دوما في 3 آذار 2014"})
    names = set(only_article().mentions.values_list("place__name", flat=True))
    assert names == {"حمص"}
    assert not only_article().date_mentions.filter(first_day=date(2014, 3, 3)).exists()


def test_worker_processes_receive_the_rules() -> None:
    sent = pickle.dumps(RecordTransform(date(2026, 1, 1), rules=active_rules()))
    how = pickle.loads(sent)  # noqa: S301  our own bytes
    line = jsonl_line(**RECORD).encode()
    item = how.transform(RawRecord("a.jsonl", 1, line, format="jsonl", charset="utf-8"))
    assert (item.record.body, len(item.cuts)) == (CLEANED, 2)


def test_a_pending_update_brings_its_cuts_and_rollback_restores_the_earlier_ones(
    article: Article, import_lines: Import
) -> None:
    import_lines({**RECORD, "body": f"{BODY.replace('الطحين', 'القمح')}"}, name="later.jsonl")
    article.refresh_from_db()
    assert article.body == CLEANED.replace("الطحين", "القمح")
    assert article.cuts.filter(start__isnull=False, sha256=article.sha256).count() == 2
    assert article.cuts.filter(start__isnull=True).count() == 2, "those of the other bytes"
    batch = ImportBatch.objects.latest("pk")
    assert rollback.request_rollback(batch, ImportBatch.State.UNDOING, by=None, reason="خطأ")
    batch.refresh_from_db()
    rollback.run_rollback(batch)
    article.refresh_from_db()
    assert article.body == CLEANED
    now = [row for row in article.cuts.all() if row.in_effect]
    assert [row.sha256 for row in now] == [article.sha256] * 2
    assert [(row.start, row.text[:6]) for row in now] == [
        (len(FIRST) + 1, "شارك ا"),
        (len(CLEANED), "\n\nالمز"),
    ]


# -- shipped rules, sources, erasure


def test_shipped_rules_are_active_and_a_retired_one_stays_retired() -> None:
    rules = CleaningRule.objects.filter(origin="shipped")
    assert rules.filter(state=State.ACTIVE).count() == len(list(iter_shipped_rules()))
    rules.filter(pattern="شارك").update(state=State.RETIRED)
    CleaningRule.objects.create(key="line\tbody\tقديم", pattern="قديم", state=State.ACTIVE)
    install_shipped_rules(None, using="default")  # type: ignore[arg-type]  # the app's configuration is not asked
    assert rules.get(pattern="شارك").state == State.RETIRED
    assert CleaningRule.objects.get(pattern="قديم").state == State.RETIRED, "no longer shipped"


@pytest.mark.parametrize(
    "sentence",
    [
        "شارك الوفد في المؤتمر الذي عقد في دمشق.", "شارك", "المزيد من القوافل في الطريق إلى حمص.",
        "تصوير الحياة اليومية في المدينة عمل شاق.", "انشر الخبر بين الناس.", "إعلان حمص منطقة منكوبة",
        "اقرأ أيضا ما كتبه في العام الماضي عن المدينة.", "صورة أرشيفية من العام الماضي وزعها الناشطون.",
        "Share prices fell in London on Monday.", "Print media are dying.", "Image copyright law is old.",
        "Photo of the year", "Most read newspapers of the region",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_boilerplate_is_kept(sentence: str) -> None:
    rules = active_rules()
    assert rules.clean(sentence).text == sentence
    if len(sentence.split()) > 1:
        assert rules.clean(f"{FIRST}\n{sentence}\n{SECOND}").cuts == ()


def test_rules_of_a_source_match_its_other_names_and_move_when_it_is_merged(import_lines: Import) -> None:
    source = Source.objects.create(name="صحيفة الضفاف")
    MergedSource.objects.create(name="الضفاف", source=source)
    written("وقال سامر علي", "begins", source=source)
    import_lines({**RECORD, "source": "الضفاف"}, {**RECORD, "id": "2", "source": "غيرها"})
    first, second = Article.objects.order_by("pk")
    assert SECOND not in first.body
    assert SECOND in second.body


def test_erasure_deletes_the_cuts_and_clears_a_rule_that_quotes_only_this_article(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = written(SECOND)
    reapply_rules.apply_rules([article.pk], active_rules(), by=None, resolver=PlaceResolver())
    monkeypatch.setattr("articles.history.erasure.pre_erase.send", lambda **_: None)
    erasure.erase_article(article, ground="court", reason="حكم", by=None)
    assert not TextCut.objects.exists()
    rule.refresh_from_db()
    assert (rule.pattern, rule.state) == ("—", State.RETIRED)
    assert CleaningRule.objects.filter(pattern="شارك الخبر", state=State.ACTIVE).exists()


def test_the_evidence_lists_the_cuts(article: Article, librarian: User) -> None:
    reapply_rules.restore_cut(cut_of(article, "شارك"), by=librarian, reason="لا")
    article.refresh_from_db()
    files, _chain = build_dossier(article)
    cuts = json.loads(files["cuts.json"])["cuts"]
    assert [(each["in_effect"], each["put_back_by"]) for each in cuts] == [(False, "librarian"), (True, "")]
    assert cuts[1]["rule_said"] == "tail: المزيد حول هذه القصة"
    page = files["page.html"].decode()
    assert "قوافل أخرى في الطريق" in page
