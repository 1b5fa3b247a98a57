"""What the archive holds, for the front page: counted in the database, so that it needs no engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, Min, OuterRef

from articles.models import Article, Place, PlaceMention, Source


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts over what readers may see; `first` and `last` are None when nothing is dated."""

    articles: int
    sources: int
    cities: int
    first: date | None
    last: date | None
    #: The archive's latest articles.
    latest: tuple[Article, ...]


def holdings(latest: int = 5) -> Holdings:
    """Five short queries; the Exists stop at the first article of a source or place."""
    visible = Article.objects.visible()
    span = visible.aggregate(first=Min("date"), last=Max("date"))
    mentions = PlaceMention.objects.filter(place=OuterRef("pk"), article__in=visible)
    return Holdings(
        articles=visible.count(),
        sources=Source.objects.filter(Exists(visible.filter(source=OuterRef("pk")))).count(),
        cities=Place.objects.filter(Exists(mentions)).count(),
        first=span["first"],
        last=span["last"],
        latest=tuple(
            visible.exclude(date=None)
            .select_related("source")
            .only("title", "date", "date_precision", "source__name")
            .order_by("-date", "id")[:latest]
        ),
    )


def cities_of(article: Article) -> list[str]:
    """The slugs of the places that an article mentions, most mentioned first."""
    places = Place.objects.filter(mentions__article=article).annotate(times=Count("mentions"))
    return [place.slug for place in places.order_by("-times", "slug")]
