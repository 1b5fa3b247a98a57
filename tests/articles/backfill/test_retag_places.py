"""Retagging after a change of a place's names, and by the command."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from arabic.tables.gazetteer import gazetteer
from articles import tasks
from articles.backfill import retag_places
from articles.backfill.merge import merge_places
from articles.geotagging.geotagger import fill_missing_regions
from articles.geotagging.place_rows import get_or_create_place
from articles.models import Article, Outbox, Place, PlaceMention, PlaceRetag, Worker
from tests.articles.conftest import Import
from tests.articles.geotagging.test_place_overrides import BODY, place, slugs, tagged

# -- names of places


def edit(desk: Client, row: Place, **changes: str) -> None:
    data = {"name": row.name, "slug": row.slug, "kind": "city", "in_texts": "on"}
    data |= {"aliases": "\n".join(row.aliases), "never_alone": "\n".join(row.never_alone), **changes}
    if not data["in_texts"]:
        del data["in_texts"]
    answer = desk.post(reverse("admin:articles_place_change", args=[row.pk]), data)
    assert answer.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_new_alias_tags_the_articles_that_have_it(desk: Client) -> None:
    article, other = tagged("قصف في أم الحجارة السوداء"), tagged("وصل إلى حمص وفد")
    homs = place("حمص")
    assert slugs(article) == set()
    edit(desk, homs, aliases="أم الحجارة السوداء")
    assert slugs(article) == {"حمص"}
    assert PlaceRetag.objects.get().finished_at
    edit(desk, Place.objects.get(pk=homs.pk), aliases="")
    assert (slugs(article), slugs(other)) == (set(), {"حمص"})


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_a_place_only_beside_a_title(desk: Client) -> None:
    alone, called = tagged("زيارة إلى تدمر أمس"), tagged("زيارة إلى مدينة تدمر أمس")
    edit(desk, place("تدمر"), never_alone="تدمر")
    assert (slugs(alone), slugs(called)) == (set(), {"تدمر"})
    edit(desk, place("تدمر"), in_texts="")
    assert slugs(called) == set()
    assert slugs(tagged("في مدينة تدمر")) == set(), "also what comes later"


@pytest.mark.django_db(transaction=True)
def test_the_names_of_a_merged_place_are_tagged() -> None:
    article = tagged("قصف في القرية المجهولة")
    homs = tagged("حمص").places.get()
    merge_places(homs, [Place.objects.create(key="own-q", slug="القرية المجهولة", name="القرية المجهولة")])
    assert retag_places.run_retags()
    assert list(article.places.all()) == [homs]


@pytest.mark.django_db
def test_a_name_inside_a_longer_gazetteer_name_is_not_tagged() -> None:
    homs = tagged("حمص").places.get()
    homs.aliases = ["ريف"]
    homs.save()
    assert slugs(tagged("اشتباكات في ريف دمشق")) == {"ريف دمشق"}
    assert slugs(tagged("اشتباكات في ريف بعيد")) == {"حمص"}


@pytest.mark.django_db
def test_retagging_stops_at_any_point_and_continues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retag_places, "SCAN_CHUNK", 4)
    monkeypatch.setattr(retag_places, "CHUNK", 2)
    articles = [Article.objects.create(body=f"قصف في العدية {number}") for number in range(9)]
    homs = tagged("حمص").places.get()
    homs.aliases = ["العدية"]
    homs.save()
    retag_places.request_retag(homs, ["العديه"])
    stops = iter([False, False, True])
    assert not retag_places.run_retags(stop=lambda: next(stops))
    done = [pk for pk in articles if pk.mentions.exists()]
    assert 0 < len(done) < 9
    assert retag_places.run_retags()
    assert all(article.mentions.filter(place=homs).exists() for article in articles)
    assert PlaceRetag.objects.get().changed == 9


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_gets_the_retagging_and_a_new_one_continues_it(desk: Client) -> None:
    article = tagged("قصف في العدية")
    homs = tagged("حمص").places.get()
    tasks._record_heartbeat("worker")
    edit(desk, homs, aliases="العدية")
    assert slugs(article) == set(), "the request does not wait for it"
    Worker.objects.all().delete()
    call_command("db_worker", batch=True, interval=0.01)
    assert slugs(article) == {"حمص"}


@pytest.mark.django_db
def test_an_import_notices_names_that_change_while_it_runs(import_lines: Import) -> None:
    homs = tagged("حمص").places.get()
    homs.aliases = ["العدية"]
    homs.save()
    import_lines({"id": "1", "title": "خبر من العدية"})
    assert list(Article.objects.get(external_id="1").places.all()) == [homs]


# -- the command


def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("tag_places", "--json", *arguments, stdout=out, stderr=io.StringIO())
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.mark.django_db
def test_the_command_changes_only_what_differs() -> None:
    article = Article.objects.create(body=BODY)
    other = tagged("لا شيء")
    assert run("--dry-run") | {"seconds": 0} == {
        "articles": 2, "changed": 1, "mentions": 3, "dry_run": True, "seconds": 0,
    }  # fmt: skip
    assert not article.mentions.exists()
    assert not Place.objects.exists(), "a dry run leaves nothing"
    assert run()["changed"] == 1
    Outbox.objects.all().delete()
    assert run()["changed"] == 0
    assert not Outbox.objects.exists()
    assert not other.mentions.exists()


@pytest.mark.django_db
def test_the_command_accepts_any_name_of_a_place_and_a_source(import_lines: Import) -> None:
    import_lines({"id": "1", "title": "من حمص", "source": "أ"}, {"id": "2", "title": "من حلب", "source": "ب"})
    PlaceMention.objects.all().delete()
    assert run("--place", "حِمص")["articles"] == 1
    assert set(PlaceMention.objects.values_list("place__slug", flat=True)) == {"حمص"}
    assert run("--source", "ب")["articles"] == 1
    assert PlaceMention.objects.count() == 2
    for wrong in (["--place", "لا مكان كهذا"], ["--source", "ج"]):
        with pytest.raises(CommandError):
            run(*wrong)


@pytest.mark.django_db
def test_earlier_rows_are_filled_from_the_gazetteer_and_keep_their_values() -> None:
    homs, aleppo = tagged("حمص").places.get(), tagged("حلب").places.get()
    Place.objects.filter(pk=homs.pk).update(governorate="", country="", latitude=None)
    Place.objects.filter(pk=aleppo.pk).update(governorate="الشهباء", latitude=None)
    run()
    homs.refresh_from_db()
    assert (homs.country, homs.governorate, homs.latitude is None) == ("SY", "حمص", False)
    aleppo.refresh_from_db()
    assert (aleppo.governorate, aleppo.latitude is None) == ("الشهباء", False)


@pytest.mark.django_db
def test_jerusalem_in_an_earlier_archive_moves_to_palestine_with_its_articles() -> None:
    place = get_or_create_place(gazetteer().by_key["281184"])
    assert (place.slug, place.country, place.governorate) == ("القدس", "PS", "القدس")
    Place.objects.filter(pk=place.pk).update(country="IL", governorate="")
    article = Article.objects.create(title="خبر", body="القدس")
    PlaceMention.objects.create(article=article, place=place, field="body", start=0, end=5)
    Outbox.objects.all().delete()
    assert fill_missing_regions() == 1
    assert list(Place.objects.values_list("country", "governorate")) == [("PS", "القدس")]
    assert Outbox.objects.filter(article_id=article.pk).exists(), "its facets change"
    assert fill_missing_regions() == 0


@pytest.mark.django_db
def test_a_run_over_all_articles_finishes_pending_retaggings() -> None:
    retag_places.request_retag(tagged("حمص").places.get(), ["حمص"])
    run()
    assert not retag_places.pending_retags().exists()
