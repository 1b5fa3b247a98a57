"""Updates of the vocabulary as the index changes.

Each indexed chunk adds the words that were not known, a withdrawn article removes its own, and a rebuild
counts all words anew. Writing learned parts or the base requires the drain lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from django.db import transaction

from arabic.vocabulary.vocabulary import VocabularyCounts
from articles.models import Article
from search.engines.contract import Change, IndexDocument, Put, Remove, SearchEngine
from search.models import VocabularyPart
from search.query_tree import TEXT_FIELDS, AnyOf, Node, Phrase, Term
from search.vocabulary.vocabulary_store import (
    index_analysis_version,
    known_words,
    merge_parts,
    store_part,
    vocabulary_reader,
)
from search.vocabulary.word_counts import (
    PartCount,
    WordCounter,
    count_unknown_words,
    extract_phrases,
    extract_words,
    merge_counts,
    truncate_counts,
)

Kind = VocabularyPart.Kind
#: More parts than this, or more words in them, are merged, because each costs readers time.
_MOST_PARTS = 32
_MANY_WORDS = 50_000
#: This many learned words, or this share of the base, become part of the base; so do this many phrases, which
#: an archive keeps producing: the base is bounded, learned parts are not.
_ENOUGH_WORDS, _ENOUGH_SHARE = 20_000, 0.25
_ENOUGH_PHRASES = 100_000
#: Words per request to the engine.
_MAX_COUNTED_NODES = 500


def update_vocabulary(
    changes: Sequence[Change], engine: SearchEngine, counted: Sequence[PartCount] | None = None
) -> None:
    """Update the vocabulary after `changes` were written to the serving index and can be found.

    `counted` holds the words of all articles that were put, if they have been counted already.
    """
    removed = [change.id for change in changes if isinstance(change, Remove)]
    if removed:
        _unlearn(removed, engine)
    learn_words([change.document for change in changes if isinstance(change, Put)], counted)


def learn_words(documents: Iterable[IndexDocument], counted: Sequence[PartCount] | None = None) -> None:
    """Add the new words of these published articles to the vocabulary."""
    base, learned = vocabulary_reader.parts()

    def unknown(words: set[str]) -> set[str]:
        return base.unknown(words) | _taken_away(words, learned.words)

    def unknown_phrases(phrases: set[str]) -> set[str]:
        return base.unknown_phrases(phrases) | _taken_away(phrases, learned.phrases)

    if counted is None:
        texts = ((document.title, document.body) for document in documents)
        new = count_unknown_words(texts, unknown, unknown_phrases)
    else:
        new = merge_counts(counted, unknown, unknown_phrases)
    if new.words or new.phrases:
        _store_learned(new)


def freeze_vocabulary() -> None:
    """Freeze the current words at the beginning of a rebuild: documents are split by them until the next one.

    The words used so far are kept for `unfreeze_vocabulary`.
    """
    known = vocabulary_reader.current(allow_stale=False)
    with transaction.atomic():
        _drop_older_frozen()
        store_part(Kind.FROZEN, known.counts())


def unfreeze_vocabulary() -> None:
    """Restore the former frozen words after a failed rebuild, because the old index was built with them."""
    newest = VocabularyPart.objects.filter(kind=Kind.FROZEN).order_by("-pk").values_list("pk", flat=True)
    VocabularyPart.objects.filter(pk__in=list(newest[:1])).delete()


def unfreeze_if_version(version: str) -> None:
    """Restore the former frozen words after a failed rebuild, if the serving index was made with them.

    `version` is the analysis version of the serving index.
    """
    if index_analysis_version() == version:
        return
    with transaction.atomic():
        unfreeze_vocabulary()
        if index_analysis_version() != version:
            transaction.set_rollback(True)


def _drop_older_frozen() -> None:
    frozen = VocabularyPart.objects.filter(kind=Kind.FROZEN).order_by("-pk").values_list("pk", flat=True)
    VocabularyPart.objects.filter(pk__in=list(frozen[1:])).delete()


class RebuildWordCounts:
    """Counts of the words that a rebuild reads while it fills its index."""

    def __init__(self) -> None:
        self._counted = WordCounter()
        self._ids: set[int] = set()

    def record_changes(self, changes: Sequence[Change]) -> None:
        """Count what was written to the new index, in that order.

        When an article is written again, its new words count; those it lost stay, unless the article was
        removed.
        """
        for change in changes:
            if isinstance(change, Put):
                document = change.document
                if document.id in self._ids:
                    self._counted.add_new(document.title, document.body)
                else:
                    self._counted.add(document.title, document.body)
                    self._ids.add(document.id)
        gone = {change.id for change in changes if isinstance(change, Remove)} & self._ids
        for title, body in Article.objects.filter(pk__in=gone).values_list("title", "body"):
            self._counted.remove(title, body)
        self._ids -= gone

    def publish(self) -> None:
        """Store the counts of the finished rebuild as the base and discard what was learned before."""
        counts = self._counted.counts()
        with transaction.atomic():
            VocabularyPart.objects.exclude(kind=Kind.FROZEN).delete()
            _drop_older_frozen()
            store_part(Kind.BASE, counts)


def _taken_away(wanted: Set[str], learned: Mapping[str, int]) -> set[str]:
    # Nearly always none: a removed word has the count 0.
    return {each for each in wanted if learned.get(each) == 0} if 0 in learned.values() else set()


def _unlearn(removed: Collection[int], engine: SearchEngine) -> None:
    """Remove the words that only these articles contained. The text of a deleted article is not available."""
    texts = list(Article.objects.filter(pk__in=removed).values_list("title", "body"))
    known = vocabulary_reader.current(allow_stale=False)
    words = sorted(
        word for word in extract_words(*(text for pair in texts for text in pair)) if word in known
    )
    phrases = sorted(
        {each for title, _ in texts for each in extract_phrases(title) if known.phrase_count(each)}
    )
    gone = unmatched_names([word_node(word) for word in words], words, engine)
    gone_phrases = unmatched_names([phrase_node(phrase) for phrase in phrases], phrases, engine)
    if gone or gone_phrases:
        _store_learned(
            VocabularyCounts(dict.fromkeys(gone, 0), dict.fromkeys(gone_phrases, 0), -len(texts), {})
        )


def unmatched_names(nodes: Sequence[Node], named: Sequence[str], engine: SearchEngine) -> list[str]:
    """Return the names of those nodes that match no published article."""
    found: list[int] = []
    for start in range(0, len(nodes), _MAX_COUNTED_NODES):
        found += engine.counts(nodes[start : start + _MAX_COUNTED_NODES])
    return [name for name, articles in zip(named, found, strict=True) if not articles]


def word_node(word: str) -> Node:
    """Return a node for a normalized word."""
    return AnyOf(tuple(Term(field, "exact", word) for field in TEXT_FIELDS))


def phrase_node(phrase: str) -> Node:
    """Return a node for words that follow each other in a title."""
    return Phrase("title", "exact", tuple(phrase.split(" ")))


def _store_learned(counts: VocabularyCounts) -> None:
    """Append a learned part; too many parts are merged into one, and a large one into the base."""
    base, before = vocabulary_reader.parts()
    sizes = list(VocabularyPart.objects.filter(kind=Kind.LEARNED).values_list("size", flat=True))
    words = sum(sizes) + known_words(counts)
    many_phrases = len(before.phrases.keys() | counts.phrases.keys()) > _ENOUGH_PHRASES
    if len(sizes) < _MOST_PARTS and words <= max(_MANY_WORDS, len(base) / 2) and not many_phrases:
        store_part(Kind.LEARNED, counts)
        return
    learned = merge_parts([before, counts])
    with transaction.atomic():
        if len(learned.words) <= max(_ENOUGH_WORDS, _ENOUGH_SHARE * len(base)) and not many_phrases:
            VocabularyPart.objects.filter(kind=Kind.LEARNED).delete()
            store_part(Kind.LEARNED, learned)
        else:
            VocabularyPart.objects.exclude(kind=Kind.FROZEN).delete()
            store_part(Kind.BASE, truncate_counts(base.patched(*learned).counts()))
