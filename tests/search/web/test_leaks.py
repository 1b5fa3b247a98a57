"""No page, API or command reveals a word of a draft, of a withdrawn or of a held article."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from arabic.text.tokenizer import normalized_terms
from articles.history import erasure
from articles.models import Article, Audience, Erasure, ImportBatch, Place, PlaceMention, Source, TextCut
from search.engines import get_engine
from search.engines.elastic import ElasticEngine
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from search.urls import urlpatterns
from tests.search.conftest import KINDS, drop_all
from tests.search.web.doors import AFTER_A_REBUILD, DOORS, Door, opened_paths
from tests.search.web.opened_pages import Page
from tests.search.web.told_words import ABSENT, Told

pytestmark = pytest.mark.django_db

State = Article.State
#: Three letters that no other invented word has in the same positions, so that no misspelling leads from one
#: to another.
LETTERS = ("ضصث", "ثغض", "غحص", "حضغ", "صثح", "ءقي", "قهء", "يءغ")
#: Words of the dictionary, which a typing error or a missing space may mean.
COMMON = ("بستان", "مفتاح", "تمثال", "ملعب", "مخيم", "مسرح", "مصنع", "متحف")
#: Spelt with ج in Egypt: an expansion finds one spelling by the other.
NAMES = ("غورباتشوف", "غوانتانامو", "غرينلاند", "غواتيمالا", "غوتيريش", "غلاسكو", "غريفيث", "غوارديولا")


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Make the pages use an engine with an empty index of this test alone."""
    name = str(request.param)
    own: dict[str, object] = {"PATH": tmp_path / "index"}
    if name == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_url")
        own = {"URL": url, "PREFIX": f"test-leaks-{secrets.token_hex(4)}", "TIMEOUT": 30}
    settings.SEARCH_ENGINE = name
    settings.SEARCH_ENGINES = {name: settings.SEARCH_ENGINES[name] | own}
    made = get_engine()
    yield
    if isinstance(made, ElasticEngine):
        drop_all(made)
        made.close()


def told(number: int) -> Told:
    """Return words that are in no dictionary and in no other article."""
    a, b, c = LETTERS[number]
    return Told(
        title=f"{a}{b}شم{c}خرف",
        body=f"{c}{a}عمق{b}لس",
        common=COMMON[number],
        name=NAMES[number],
        source=f"{b}كسف{a}رم{c}",
        city=f"{c}نمف{b}سر{a}",
        year=str(1961 + number),
    )


def write(words: Told, state: str = State.PUBLISHED, batch: ImportBatch | None = None) -> Told:
    """Create the article with these words and return them with its id."""
    article = Article.objects.create(
        title=f"خبر {words.title}",
        body=f"قال مراسلنا إن {words.body} في المدينة بلا {words.common} عن {words.name} هذا العام",
        source=Source.objects.create(name=words.source),
        date=date(int(words.year), 5, 4),
        date_precision="day",
        original=f"كما جاء: {words.body}".encode(),
        state=state,
        batch=batch,
    )
    TextCut.objects.create(
        article=article, field="body", start=0, text=words.body, said="line: x", made_at=timezone.now()
    )
    place = Place.objects.create(slug=words.city, name=words.city, key=f"test-{words.year}")
    PlaceMention.objects.create(article=article, place=place, field="metadata")
    return replace(words, id=article.pk)


def withdraw(words: Told) -> None:
    Article.objects.filter(pk=words.id).update(state=State.WITHDRAWN)


def delete(words: Told) -> None:
    Article.objects.filter(pk=words.id).delete()


def erase(words: Told) -> None:
    article = Article.objects.get(pk=words.id)
    erasure.erase_article(article, ground=Erasure.Ground.COURT, reason="حكم", by=None)


def make_archive() -> tuple[Told, dict[str, Told]]:
    """Return a published article, and the hidden ones by the way they were hidden.

    Some were never public; the others were indexed and in the vocabulary, by a rebuild or by the outbox
    consumer, before they were hidden.
    """
    staged = ImportBatch.objects.create(state=ImportBatch.State.STAGING)
    shown, draft, held, rebuilt, deleted, drained, batch, erased = map(told, range(8))
    hidden = {
        "draft": write(draft, State.DRAFT),
        "held from the first": write(held, State.HELD),
        "staged": write(batch, batch=staged),
        "withdrawn after a rebuild": write(rebuilt),
        "deleted after a rebuild": write(deleted),
        "erased after a rebuild": write(erased),
    }
    shown = write(shown)
    rebuild_index()
    hidden["withdrawn after a drain"] = write(drained)
    drain_outbox()
    for change, how in (
        (withdraw, "withdrawn after a rebuild"),
        (delete, "deleted after a rebuild"),
        (erase, "erased after a rebuild"),
        (withdraw, "withdrawn after a drain"),
    ):
        change(hidden[how])
    drain_outbox()
    return shown, hidden


class RememberingClient(Client):
    """A client that asks for each address once, for as long as nothing is written between two requests."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[object, Any] = {}

    def get(self, path: str, data: dict[str, str], **options: Any) -> Any:
        """Return the answer of the first time that this was asked for."""
        key = (path, *sorted(data.items()))
        if key not in self._answers:
            self._answers[key] = super().get(path, data, **options)
        return self._answers[key]


def comes_out(door: Door, client: Client, words: Told) -> frozenset[str]:
    """Return those of the article's words in the output that were not typed."""
    typed = door.typed(words)
    return words.secrets.intersection(normalized_terms(door.opened(client, words, typed))).difference(
        normalized_terms(typed)
    )


def come_out_together(door: Door, client: Client, articles: Mapping[str, Told]) -> dict[str, frozenset[str]]:
    """Return the same for each of some articles, from one opening with what is typed for any of them."""
    typed = " OR ".join(filter(None, map(door.typed, articles.values())))
    shown = {*normalized_terms(door.opened(client, Told("", "", "", "", "", "", ""), typed))} - {
        *normalized_terms(typed)
    }
    return {how: words.secrets & shown for how, words in articles.items()}


Prepare = Callable[[], object]


@pytest.mark.parametrize(
    ("prepare", "doors"),
    [
        pytest.param(lambda: None, DOORS, id="at once"),
        pytest.param(rebuild_index, [*DOORS, *AFTER_A_REBUILD], id="after the next rebuild"),
    ],
)
def test_no_output_contains_words_of_hidden_articles(
    engine: None, subtests: pytest.Subtests, prepare: Prepare, doors: list[Door]
) -> None:
    shown, hidden = make_archive()
    prepare()
    client = RememberingClient()
    for door in doors:
        with subtests.test(door.name):
            if door.together:
                leaks = come_out_together(door, client, {**hidden, "shown": shown})
            else:
                leaks = {
                    how: comes_out(door, client, words) for how, words in {**hidden, "shown": shown}.items()
                }
            # Proves that this way out gives words of published articles.
            given = leaks.pop("shown")
            assert leaks == dict.fromkeys(hidden, frozenset())
            assert getattr(shown, door.shows) in given if door.shows else not given


def test_no_page_contains_words_of_a_source_that_is_not_for_its_reader(
    engine: None, subtests: pytest.Subtests
) -> None:
    shown, desk = write(told(0)), write(told(1))
    Source.objects.filter(name=desk.source).update(audience=Audience.DESK)
    rebuild_index()
    client, librarian = Client(), Client()
    librarian.force_login(User.objects.create(username="librarian", is_staff=True, is_superuser=True))
    for door in DOORS:
        if not hasattr(door.opened, "path"):  # commands are for whoever runs the archive
            continue
        with subtests.test(door.name):
            if (
                door.shows and type(door.opened) is Page and door.name != "help page"
            ):  # first: what is kept of it must not serve others
                assert getattr(desk, door.shows) in comes_out(door, librarian, desk)
            assert comes_out(door, client, desk) == frozenset()
            if door.shows:
                assert getattr(shown, door.shows) in comes_out(door, client, shown)


def test_searched_and_analyzed_words_are_stored_nowhere(engine: None, client: Client) -> None:
    make_archive()
    for door in DOORS:
        if door.typed(told(0)):
            door.opened(client, told(0), ABSENT)
    (known,) = AFTER_A_REBUILD
    assert ABSENT not in normalized_terms(known.opened(client, told(0), ""))


def test_every_address_of_readers_is_among_the_doors() -> None:
    opened = {resolve(path).view_name for path in opened_paths()}
    addresses = {f"search:{pattern.name}" for pattern in urlpatterns}
    assert addresses - opened == {"search:alive", "search:metrics"}, "these say how the process does"
