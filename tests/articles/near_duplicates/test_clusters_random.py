"""After random changes of articles, the clusters equal freshly computed ones."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import Article, StoryBand, StoryLink, StoryMember
from articles.near_duplicates.clusters import (
    iter_compare_all,
    join,
    recompute_all_clusters,
    separate,
    update_clusters,
)
from articles.text.fingerprints import text_hash
from tests.articles.near_duplicates.test_clusters import stories, text

pytestmark = pytest.mark.django_db
PARAGRAPHS = text(21, 8).split("\n")
#: Versions of one report that are not all similar, another report, and short texts.
BODIES = [
    *("\n".join(PARAGRAPHS[start:stop]) for start, stop in ((0, 5), (2, 8), (1, 7), (0, 3), (5, 8))),
    text(22),
    "بيان قصير",
    "",
]
TEXTS = st.integers(0, len(BODIES) - 1)
STEPS = st.one_of(
    st.tuples(st.just("add"), st.lists(TEXTS, min_size=1, max_size=3)),
    st.tuples(st.just("edit"), st.integers(0, 9), TEXTS),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("separate"), st.integers(0, 9)),
    st.tuples(st.just("join"), st.integers(0, 9), st.integers(0, 9)),
)


#: Each example has about twenty transactions.
@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_clusters_equal_those_of_a_new_computation(steps: Sequence[Sequence[object]]) -> None:
    Article.objects.all().delete()
    for step in steps:
        take(*step)
    kept = stories()
    links = set(StoryLink.objects.values_list("first", "second"))
    bands = set(StoryBand.objects.values_list("article", "value"))
    assert recompute_all_clusters() == 0
    StoryBand.objects.all().delete()
    StoryLink.objects.all().delete()
    StoryMember.objects.all().delete()
    list(iter_compare_all())
    assert stories() == kept
    assert set(StoryLink.objects.values_list("first", "second")) == links
    assert set(StoryBand.objects.values_list("article", "value")) == bands
    list(iter_compare_all(again=True))
    assert stories() == kept


def take(what: str, *how: object) -> None:
    """Apply one step to the article at this position."""
    if what == "add":
        made = [Article.objects.create(**columns(at)) for at in how[0]]  # type: ignore[attr-defined]  # a list
        update_clusters([each.pk for each in made])
    elif ids := list(Article.objects.order_by("pk").values_list("pk", flat=True)):
        one, *other = (Article.objects.get(pk=ids[int(str(at)) % len(ids)]) for at in how)
        if what == "edit":
            Article.objects.filter(pk=one.pk).update(**columns(int(str(how[1]))))
            update_clusters([one.pk])
        elif what == "delete":
            one.delete()
        elif what == "separate":
            separate(one, by=None, reason="خبر آخر")
        elif [one] != other:
            join(one, other[0], by=None, reason="الخبر نفسه")


def columns(at: int) -> dict[str, str]:
    """Return the columns of an article with this text."""
    body = BODIES[at]
    return {"title": "خبر", "body": body, "text_hash": text_hash("خبر", body) if body else ""}
