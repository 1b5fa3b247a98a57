"""Near-duplicate clusters, and the decisions of librarians about them."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.history.revisions import change_state
from articles.models import Article, StoryBand, StoryLink, StoryMember, StoryVerdict
from articles.near_duplicates.clusters import (
    iter_compare_all,
    join,
    recompute_all_clusters,
    separate,
    update_clusters,
)
from articles.text.fingerprints import text_hash

pytestmark = pytest.mark.django_db
DRAFT = Article.State.DRAFT
LETTERS = "ابتثجحخدرزسشصطعفقكلمنه"


def text(seed: int, paragraphs: int = 6) -> str:
    """Return a report of random words, about forty per paragraph; every seed gives another report."""
    dice = random.Random(seed)  # noqa: S311  no secret, a generated text
    return "\n".join(
        " ".join("".join(dice.choices(LETTERS, k=dice.randint(3, 7))) for _ in range(40))
        for _ in range(paragraphs)
    )


def article(body: str, title: str = "خبر") -> Article:
    made = Article.objects.create(title=title, body=body, text_hash=text_hash(title, body))
    update_clusters([made.pk])
    return made


def stories() -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for pk, story in StoryMember.objects.values_list("article", "story"):
        found.setdefault(story, set()).add(pk)
    assert all(story == min(members) for story, members in found.items()), "named after its oldest"
    return {frozenset(members) for members in found.values()}


def group(*articles: Article) -> set[frozenset[int]]:
    return {frozenset(each.pk for each in articles)}


def test_a_report_and_its_shortened_version_are_one_cluster() -> None:
    body = text(1)
    whole, short, other = article(body), article("\n".join(body.split("\n")[:3])), article(text(2))
    assert stories() == group(whole, short)
    assert StoryLink.objects.get().similarity == 1.0
    assert not StoryMember.objects.filter(article=other).exists()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_articles_does_not_matter(order: tuple[int, ...]) -> None:
    paragraphs = text(3, 8).split("\n")
    bodies = ["\n".join(paragraphs[:5]), "\n".join(paragraphs[2:]), "\n".join(paragraphs[1:7])]
    made = [article(bodies[place]) for place in order]
    assert stories() == group(*made)


def test_an_article_similar_to_two_clusters_joins_them() -> None:
    left, right = text(4).split("\n"), text(5).split("\n")
    members = [article("\n".join(part)) for part in (left, left[1:], right, right[1:])]
    assert len(stories()) == 2
    between = article("\n".join([*left, *right]))
    assert stories() == group(*members, between)
    between.delete()
    assert stories() == group(*members[:2]) | group(*members[2:])


def test_a_draft_joins_nothing_until_it_is_published() -> None:
    left, right = article(text(31)), article(text(32))
    between = Article.objects.create(body=f"{left.body}\n{right.body}", state=DRAFT, text_hash="0" * 64)
    update_clusters([between.pk])
    copy = Article.objects.create(body=left.body, state=DRAFT, text_hash=left.text_hash)
    update_clusters([copy.pk])
    assert stories() == set()
    change_state([between.pk], Article.State.PUBLISHED, by=None, reason="")
    assert stories() == group(left, right, between)
    change_state([between.pk], DRAFT, by=None, reason="")
    assert stories() == set()


def test_a_draft_that_an_older_version_compared_leaves_its_cluster() -> None:
    made = [article(text(33)), article(text(33))]
    assert stories() == group(*made)
    Article.objects.filter(pk=made[1].pk).update(state=DRAFT)
    assert list(iter_compare_all()) == [1]
    assert stories() == set()
    assert list(iter_compare_all()) == []


def test_an_article_leaves_its_cluster_when_its_text_changes() -> None:
    first, second = article(text(6)), article(text(6))
    second.body, second.text_hash = text(7), text_hash("خبر", text(7))
    second.save()
    update_clusters([second.pk])
    assert stories() == set()
    assert not StoryLink.objects.exists()
    assert not StoryMember.objects.filter(article=first).exists()


def test_a_cluster_gets_another_id_when_its_oldest_article_is_deleted() -> None:
    oldest, *others = [article(text(8)) for _ in range(3)]
    oldest.delete()
    assert stories() == group(*others)


def test_short_texts_are_joined_only_if_they_are_equal() -> None:
    same = [article("بيان قصير جدا"), article("بيان قصير جدا")]
    article("بيان قصير جدا", title="عنوان آخر")
    assert stories() == group(*same)


def test_articles_without_text_are_not_joined() -> None:
    for _ in range(2):
        update_clusters([Article.objects.create(title="", body="").pk])
    assert stories() == set()


def test_reports_on_one_template_with_other_figures_are_not_joined() -> None:
    frame = text(9, 2).split()
    for seed in (1, 2):
        dice = random.Random(seed)  # noqa: S311  no secret, generated prices
        rows = [" ".join([*frame[at : at + 9], str(dice.randint(100, 9999))]) for at in range(0, 80, 9)]
        article(" ".join(rows))
    assert stories() == set()


def test_recomputing_changes_nothing() -> None:
    made = [article(text(10)) for _ in range(3)]
    before = list(StoryBand.objects.order_by("article", "value").values_list("article", "value"))
    update_clusters([each.pk for each in made])
    assert list(iter_compare_all(again=True)) == [3]
    assert stories() == group(*made)
    assert list(StoryBand.objects.order_by("article", "value").values_list("article", "value")) == before
    assert recompute_all_clusters() == 0


def test_the_command_compares_articles_that_were_never_compared() -> None:
    made = [Article.objects.create(title="خبر", body=text(11), text_hash="0" * 64) for _ in range(3)]
    assert told("find_duplicates") == {"compared": 3, "pairs": 2, "stories": 1, "articles": 3}
    assert told("find_duplicates") == {"compared": 0, "pairs": 2, "stories": 1, "articles": 3}
    assert told("find_duplicates", "--all")["compared"] == 3
    assert stories() == group(*made)


def test_the_command_repairs_stale_members() -> None:
    made = [article(text(12)) for _ in range(2)]
    stray = article(text(13))
    StoryMember.objects.create(article=stray, story=made[0].pk)
    StoryMember.objects.filter(article=made[1]).delete()
    told("find_duplicates")
    assert stories() == group(*made)


def test_a_separated_article_stays_alone_when_all_is_recomputed() -> None:
    made = [article(text(14)) for _ in range(3)]
    separate(made[0], by=None, reason="خبر آخر")
    assert stories() == group(*made[1:])
    told("find_duplicates", "--all")
    newest = article(text(14))
    assert stories() == group(*made[1:], newest)
    assert StoryVerdict.objects.get().reason == "خبر آخر"


def test_joined_articles_stay_joined_until_one_is_separated() -> None:
    first, second, third = (article(text(seed)) for seed in (15, 16, 17))
    join(first, second, by=None, reason="الخبر نفسه")
    told("find_duplicates", "--all")
    assert stories() == group(first, second)
    separate(second, by=None, reason="لا")
    assert stories() == set()
    join(third, second, by=None, reason="الخبر نفسه")
    assert stories() == group(second, third)
    with pytest.raises(ValueError, match="itself"):
        join(first, first, by=None, reason="")


def told(*arguments: str) -> dict[str, int]:
    """Return the report of the command without the time."""
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    report = json.loads(out.getvalue())
    assert report.pop("seconds") >= 0
    return report


def test_an_import_clusters_its_articles(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    write(folder / "a.jsonl", [text(18), text(19), text(18)])
    for _ in range(2):
        call_command("import_articles", str(folder), "--json", stdout=io.StringIO(), stderr=io.StringIO())
        first, second, third = Article.objects.order_by("pk")
        assert stories() == group(first, third)
    write(folder / "a.jsonl", [text(18), text(18), text(20)])
    call_command("import_articles", str(folder), "--json", stdout=io.StringIO(), stderr=io.StringIO())
    assert stories() == group(first, second)


def write(path: Path, bodies: Iterable[str]) -> None:
    rows = (
        {"id": str(number), "title": f"خبر {number}", "body": body, "source": "الوفاق"}
        for number, body in enumerate(bodies)
    )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
