"""Cleaning rules: writing, learning, trying, accepting and retiring them, and the commands for them."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from articles.backfill import reapply_rules
from articles.backfill.rule_learning import MIN_DAYS, MIN_TEXTS, find_repeated_lines, propose_rules
from articles.backfill.rule_trial import try_rule
from articles.boilerplate.rule_store import active_rules
from articles.geotagging.geotagger import PlaceResolver
from articles.models import Article, CleaningRule, Outbox, Source, StoryMember, TextCut

pytestmark = pytest.mark.django_db

State = CleaningRule.State
FOOTER = "للمراسلة: بريد الصحيفة 123"
START = date(2012, 5, 1)


@pytest.fixture
def source() -> Source:
    made: Source = Source.objects.create(name="صحيفة الضفاف")
    return made


def write(source: Source, number: int, *lines: str, days: int = 30, **fields: Any) -> Article:
    name = "".join("بتجحدرسعفق"[int(digit)] for digit in str(number))
    body = "\n".join([f"وصلت القافلة إلى حي {name} وقال السائق إنه عاد.", *lines])
    article: Article = Article.objects.create(
        source=source, title=f"قافلة {number}", body=body, original=b"x", sha256=f"{number:064}",
        text_hash=f"{number:064}", date=START + timedelta(days=number % days), date_precision="day", **fields,
    )  # fmt: skip
    return article


def run(name: str, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(name, *options, "--json", stdout=out, stderr=io.StringIO())
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def rule_of(source: Source | None, pattern: str = FOOTER, **fields: Any) -> CleaningRule:
    made: CleaningRule = CleaningRule.objects.create(source=source, pattern=pattern, **fields)
    return made


# -- learning


def test_a_line_in_many_texts_on_many_days_is_proposed_and_cuts_nothing_until_accepted(
    source: Source,
) -> None:
    for number in range(MIN_TEXTS):
        write(source, number, f"للمراسلة : بريد الصحيفة {number}")
    (rule,) = propose_rules(source)
    assert (rule.pattern, rule.state, rule.origin) == ("للمراسلة : بريد الصحيفة #", "proposed", "learned")
    assert rule.seen == {"articles": MIN_TEXTS, "of": MIN_TEXTS, "days": MIN_TEXTS}
    assert rule.pk not in {each.id for each in active_rules().rules}
    CleaningRule.objects.filter(pk=rule.pk).update(state=State.ACTIVE)
    (cut, *_others) = active_rules().clean(f"نص\n{FOOTER}", source=source.name).cuts
    assert cut.text == f"\n{FOOTER}"


def test_it_is_proposed_once_also_after_it_was_refused(source: Source) -> None:
    for number in range(MIN_TEXTS):
        write(source, number, FOOTER)
    (rule,) = propose_rules(source)
    CleaningRule.objects.filter(pk=rule.pk).update(state=State.RETIRED)
    assert propose_rules(source) == []


@pytest.mark.parametrize(
    "what", ["too few", "one story", "equal texts", "few days", "title", "paragraph", "alone"]
)
def test_lines_that_repeat_for_another_reason_are_not_proposed(source: Source, what: str) -> None:
    count = MIN_TEXTS - 1 if what == "too few" else MIN_TEXTS * 2
    for number in range(count):
        line = FOOTER + " كلمة" * 30 if what == "paragraph" else FOOTER
        article = write(source, number, line, days=MIN_DAYS - 1 if what == "few days" else 30)
        if what == "one story":
            StoryMember.objects.create(article=article, story=1)
        if what == "equal texts":
            Article.objects.filter(pk=article.pk).update(text_hash="1" * 64)
        if what == "title":
            Article.objects.filter(pk=article.pk).update(title=FOOTER)
        if what == "alone":
            Article.objects.filter(pk=article.pk).update(body=FOOTER)
    assert find_repeated_lines(source) == []


def test_the_command_learns_for_every_source_or_one(source: Source) -> None:
    other = Source.objects.create(name="غيرها")
    for number in range(MIN_TEXTS):
        write(source, number, FOOTER)
        write(other, number + 100, "تابعوا القناة")
    (line,) = run("learn_furniture", "--source", "غيرها")["proposed"]
    assert (line["pattern"], line["articles"]) == ("تابعوا القناة", MIN_TEXTS)
    assert [each["source"] for each in run("learn_furniture")["proposed"]] == [source.name]
    with pytest.raises(CommandError):
        run("learn_furniture", "--source", "لا أحد")


# -- stored articles


def test_the_command_cuts_once_and_every_cut_has_its_revision_and_reaches_the_index(source: Source) -> None:
    article, untouched = write(source, 1, "شارك الخبر"), write(source, 2)
    Outbox.objects.all().delete()
    dry = run("clean_articles", "--dry-run")
    assert (dry["read"], dry["changed"], dry["cuts"], TextCut.objects.count()) == (2, 1, 1, 0)
    done = run("clean_articles")
    assert done["rules"] == dry["rules"]
    assert done["rules"][0]["rule"] == "line: شارك الخبر"
    article.refresh_from_db()
    assert "شارك" not in article.body
    assert article.revisions.get().reason.startswith("page furniture cut: #")
    assert not untouched.revisions.exists()
    assert Outbox.objects.filter(article_id=article.pk).exists()
    assert run("clean_articles")["changed"] == 0
    assert (TextCut.objects.count(), article.revisions.count()) == (1, 1)


def test_the_command_can_be_limited_to_a_source_or_rule_and_restores_cuts(source: Source) -> None:
    first = write(source, 1, "شارك الخبر", FOOTER)
    write(Source.objects.create(name="غيرها"), 2, "شارك الخبر")
    rule = rule_of(source, state=State.ACTIVE)
    assert run("clean_articles", "--source", source.name, "--rule", str(rule.pk))["cuts"] == 1
    assert run("clean_articles", "--rule", str(rule.pk), "--put-back")["put_back"] == 1
    first.refresh_from_db()
    assert first.body.endswith(f"شارك الخبر\n{FOOTER}")
    assert run("clean_articles", "--rule", str(rule.pk))["cuts"] == 0, "what was put back stays"
    for options in (["--source", "لا أحد"], ["--rule", "0"], ["--put-back"]):
        with pytest.raises(CommandError):
            run("clean_articles", *options)


def test_the_output_names_rule_and_count(source: Source) -> None:
    write(source, 1, "شارك الخبر")
    out = io.StringIO()
    call_command("clean_articles", stdout=out, stderr=io.StringIO())
    assert "line: شارك الخبر: 1" in out.getvalue()
    call_command("learn_furniture", stdout=out, stderr=io.StringIO())
    assert "0 proposed" in out.getvalue()


# -- the admin


def test_a_rule_is_written_tried_accepted_and_retired_with_its_cuts_restored(
    desk: Client, librarian: User, source: Source
) -> None:
    article = write(source, 1, FOOTER, "وقال سامر إنه عاد.")
    write(source, 2)
    form = {
        "source": source.pk,
        "field": "body",
        "kind": "line",
        "pattern": "للمراسلة: بريد الصحيفة #",
        "note": "",
    }
    page = desk.post(reverse("admin:articles_cleaningrule_add"), form, follow=True).content.decode()
    rule = CleaningRule.objects.get(pattern__startswith="للمراسلة")
    assert (rule.state, rule.origin, rule.made_by) == ("proposed", "written", librarian)
    assert "1 text would change" in page
    assert "of 2 that were looked at (50.0%)" in page
    assert "<del><bdi" in page
    assert not TextCut.objects.exists(), "trying writes nothing"
    desk.post(reverse("admin:articles_cleaningrule_accept", args=[rule.pk]))
    rule.refresh_from_db()
    assert (rule.state, rule.accepted_by) == ("active", librarian)
    reapply_rules.apply_rules([article.pk], active_rules(), by=None, resolver=PlaceResolver())
    retire = reverse("admin:articles_cleaningrule_retire", args=[rule.pk])
    assert "Put back the 1 piece" in desk.get(retire).content.decode()
    assert "Say why" in desk.post(retire, {"reason": ""}).content.decode()
    told = desk.post(retire, {"reason": "خطأ", "put_back": "1"}, follow=True).content.decode()
    assert "1 piece was put back" in told
    rule.refresh_from_db()
    article.refresh_from_db()
    assert (rule.state, rule.retired_by, rule.retired_reason) == ("retired", librarian, "خطأ")
    assert FOOTER in article.body
    assert "خطأ" in article.revisions.latest("pk").reason


def test_the_pattern_of_a_rule_that_was_active_cannot_be_changed(desk: Client, source: Source) -> None:
    rule = rule_of(source, state=State.ACTIVE)
    page = reverse("admin:articles_cleaningrule_change", args=[rule.pk])
    assert 'name="pattern"' not in desk.get(page).content.decode()
    desk.post(page, {"pattern": "غيره", "note": "لماذا"})
    rule.refresh_from_db()
    assert (rule.pattern, rule.note) == (FOOTER, "لماذا")


@pytest.mark.parametrize("pattern", ["***", "#", "- ا", "شارك :"])
def test_a_rule_without_words_or_a_duplicate_is_refused(desk: Client, pattern: str) -> None:
    form = {"source": "", "field": "body", "kind": "line", "pattern": pattern, "note": ""}
    before = CleaningRule.objects.count()
    page = desk.post(reverse("admin:articles_cleaningrule_add"), form).content.decode()
    assert ("at least two letters" in page) != ("there already" in page)
    assert CleaningRule.objects.count() == before


def test_a_button_of_the_list_learns_rules(desk: Client, source: Source) -> None:
    for number in range(MIN_TEXTS):
        write(source, number, FOOTER)
    learn = reverse("admin:articles_cleaningrule_learn")
    page = desk.post(learn, {"source": source.pk}, follow=True).content.decode()
    assert "1 line that repeats in the texts of" in page
    assert f"{MIN_TEXTS} of {MIN_TEXTS} texts" in page
    assert "Choose a source" in desk.post(learn, {"source": "x"}, follow=True).content.decode()


def test_a_trial_reads_the_newest_texts_and_shows_some(source: Source) -> None:
    for number in range(6):
        write(source, number, FOOTER)
    trial = try_rule(rule_of(source, "للمراسلة: بريد الصحيفة #"), most=4, shown=2)
    assert (trial.looked_at, trial.changed, trial.complete, len(trial.samples)) == (4, 4, False, 2)
    (row, *_rest) = [row for row in trial.samples[0].differences.rows if row.changed]
    assert FOOTER in "".join(run.text for run in row.before)
