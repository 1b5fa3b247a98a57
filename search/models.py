"""Tables of searching: the state of index and vocabulary, and what readers keep."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IndexState(models.Model):
    """The only row (pk 1), shared by the writers of the index; see search/index_state.py."""

    #: The version of the last write, to any index. It never decreases, even after a backup was restored.
    version = models.BigIntegerField(db_default=0)
    #: Not empty while a rebuild runs, or after one was killed: sent outbox rows are kept for its replay.
    building = models.CharField(max_length=200, db_default="", blank=True)
    #: A killed builder's requests to the engine may still be carried out: see
    #: `outbox_consumer.recover_interrupted_rebuild`.
    orphans_until = models.DateTimeField(null=True, blank=True)
    #: The index that this archive last filled, as "engine:index"; any other serving index is not ours.
    serving = models.CharField(max_length=200, db_default="", blank=True)

    class Meta:
        verbose_name = "index state"
        verbose_name_plural = "index state"

    def __str__(self) -> str:
        return f"version {self.version}"


class VocabularyPart(models.Model):
    """Words of published articles, packed (arabic/vocabulary/vocabulary.py).

    See search/vocabulary/vocabulary_store.py. Rows are created and deleted but never changed, so that the
    newest one shows whether anything is new.
    """

    class Kind(models.TextChoices):
        #: The counts of the last rebuild, and what was merged into them since: one row.
        BASE = "base"
        #: Words indexed since the base, in the order of the rows; the count 0 removes a word.
        LEARNED = "learned"
        #: All words known when the last rebuild began, by which its documents were split. One row; while a
        #: rebuild runs also the previous one, which is valid again if it fails.
        FROZEN = "frozen"

    kind = models.CharField(max_length=7, choices=Kind)
    words = models.BinaryField()
    #: Number of words in `words`, without removed ones.
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "part of the vocabulary"
        verbose_name_plural = "parts of the vocabulary"
        # Every request asks for the newest parts. `made_at` lies behind `words` in its row, and to reach it
        # SQLite would read all of these megabytes.
        indexes = [
            models.Index(fields=["id", "made_at"], name="vocabulary_newest"),
            models.Index(fields=["kind", "id", "made_at"], name="vocabulary_newest_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.size} words, {self.kind}"


class ContextExport(models.Model):
    """A list of words in context over all hits of a search, made in the background for one reader.

    It holds no text: lines are article numbers with the number of the occurrence, and are read from the
    articles when they are downloaded. Lists of words hold words, and are deleted when an article is erased.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    #: "user:" and the number of an account, or "session:" and a random name kept in the session; "" once a
    #: reader without an account deleted it.
    owner = models.CharField(max_length=64, db_index=True)
    #: What stands for the network of a reader without an account (search/concordance/export_room.py); "" for
    #: others. The default of the database is for a release that does not know the column.
    network = models.CharField(max_length=32, blank=True, default="", db_default="", db_index=True)
    #: The address of the view, without the path: query, filters and choices.
    query = models.TextField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    #: Hits read so far, and all hits.
    read = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    #: Number of lines or words.
    size = models.PositiveIntegerField(default=0)
    #: Why it failed: a code of search/concordance/context_exports.py.
    fault = models.CharField(max_length=20, blank=True)
    result = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "export of words in context"
        verbose_name_plural = "exports of words in context"

    def __str__(self) -> str:
        return f"{self.query}, {self.state}"


class SavedSearch(models.Model):
    """A search that a reader with an account keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    #: The address of the search, without the path.
    query = models.TextField()
    #: When its reader last opened it: what is findable since then counts as new.
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "saved search"
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(name="one_saved_search_per_name", fields=["user", "name"])]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A secret with which a program reads as an account does, within `scopes` and until `expires_at`.

    Only its hash is kept: the secret itself is shown once, when it is made. It has 256 random bits, so a
    plain hash is enough; `beginning` is what its owner recognises it by.
    """

    class Scope(models.TextChoices):
        SEARCH = "search", _("search: the API and feeds")
        EXPORT = "export", _("export: files of hits, citations, tables")
        ORIGINALS = "originals", _("originals: the files that articles were read from")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(_("beginning"), max_length=12)
    scopes = models.JSONField(_("what it may open"))
    made_at = models.DateTimeField(_("made on"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires on"))
    #: To the hour, so that a busy program does not write with each request.
    used_at = models.DateTimeField(_("last used"), null=True)
    #: A revoked token stays listed: the records of what was read with it name it.
    revoked_at = models.DateTimeField(_("revoked on"), null=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.name})"

    @property
    def scope_labels(self) -> list[str]:
        """What the token may open, in the language of the page."""
        return [str(self.Scope(scope).label) for scope in self.scopes]


class AccessRecord(models.Model):
    """That someone opened or exported articles of a private archive; see search/web/accounts/access_log.py.

    User and token are kept by name as well, because accounts may be deleted and the record stays.
    """

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("user")
    )
    user_name = models.CharField(_("name of the user"), max_length=150)
    token = models.CharField(_("API token"), max_length=100, blank=True)
    #: The name of the address in search/urls.py or the API: what was opened.
    what = models.CharField(_("what"), max_length=40)
    article = models.BigIntegerField(_("article"), null=True, db_index=True)
    #: Of an export: the number of articles, and the address with query and filters.
    articles = models.PositiveIntegerField(_("articles"), null=True)
    address = models.TextField(_("address"), blank=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user_name}: {self.what}"
