"""A small archive with an article in every state, and the checks that the tests of indexing make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from articles.models import Article, ImportBatch, Outbox, Place, PlaceMention, Source
from search.engines.contract import EngineRequest, SearchEngine
from search.indexing.index_documents import iter_documents
from search.indexing.verify import compare_fingerprints
from search.query_tree import Term


@dataclass
class Archive:
    """The archive; the names say in which state each article is."""

    north: Source
    south: Source
    homs: Place
    hama: Place
    shown: Article
    draft: Article
    withdrawn: Article
    imported: Article
    staged: Article
    published_batch: ImportBatch
    open_batch: ImportBatch


def make_archive() -> Archive:
    """Create the archive: the outbox has rows for it, and no engine has indexed it."""
    north, south = Source.objects.create(name="الشمال"), Source.objects.create(name="الجنوب")
    homs, hama = (
        Place.objects.create(key=key, slug=name, name=name)
        for key, name in (("sy-homs", "حمص"), ("sy-hama", "حماة"))
    )
    published_batch = ImportBatch.objects.create(state=ImportBatch.State.PUBLISHED)
    open_batch = ImportBatch.objects.create(state=ImportBatch.State.STAGING)
    shown = Article.objects.create(
        title="قصف", body="قصف بحمص", source=north, date=date(2013, 5, 1), date_precision="day"
    )
    PlaceMention.objects.create(article=shown, place=homs, field="body", start=4, end=8)
    draft = Article.objects.create(title="مسودة", body="لم تكتمل", state="draft")
    withdrawn = Article.objects.create(title="مسحوب", body="سحب", state="withdrawn", source=north)
    imported = Article.objects.create(title="هدنة", body="هدنة في حماة", batch=published_batch, source=north)
    PlaceMention.objects.create(article=imported, place=hama, field="body", start=8, end=12)
    PlaceMention.objects.create(article=imported, place=homs, field="metadata")
    staged = Article.objects.create(title="منتظر", body="منتظر", batch=open_batch)
    PlaceMention.objects.create(article=staged, place=hama, field="metadata")
    return Archive(
        north, south, homs, hama, shown, draft, withdrawn, imported, staged, published_batch, open_batch
    )


def stale(engine: SearchEngine) -> set[int]:
    """Return the articles whose index entry differs from the database, regardless of the outbox."""
    return set(compare_fingerprints(engine.fingerprints(), iter_documents()).ids())


def pending_articles() -> set[int]:
    """Return the articles of pending outbox rows, including those of batches."""
    rows = Outbox.objects.filter(done_at__isnull=True)
    batches = rows.filter(kind=Outbox.Kind.FAN_OUT).values("batch_id")
    own = rows.filter(article_id__isnull=False).values_list("article_id", flat=True)
    return set(own) | set(Article.objects.filter(batch_id__in=batches).values_list("pk", flat=True))


def found(engine: SearchEngine, word: str) -> list[int]:
    """Return the ids of the articles with this folded word in the title."""
    query = Term("title", "exact", word)
    return sorted(hit.id for hit in engine.search(EngineRequest(query=query)).hits)
