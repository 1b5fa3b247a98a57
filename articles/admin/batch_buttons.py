"""The buttons of an import: begin and go on, pause, give up, undo, redo. Each only notes what is wanted; the
work is done by `tasks.nudge`'s worker, or here for some seconds where none lives."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import tasks
from articles.admin.generics import ModelAdmin
from articles.admin.telling import tell
from articles.intake import undoing, working
from articles.intake.keeping import all_kept
from articles.intake.progress import is_working
from articles.models import ImportBatch

State = ImportBatch.State
#: One request works so long where no worker lives; the page then goes on. Below every server's time-out.
STEP_SECONDS = 15.0
#: So many seconds a request waits for another import.
PATIENCE = 2.0


class Buttons(ModelAdmin[ImportBatch]):
    """Addresses that a form of the page posts to; all answer with the page of the import."""

    def button_urls(self) -> list[URLPattern]:
        """confirm, pause, cancel, undo, redo."""
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"articles_importbatch_{name}",
            )
            for name in ("confirm", "pause", "cancel", "undo", "redo")
        ]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin, or go on with whatever is not finished."""
        batch = self._batch(request, pk, publishes=True)
        before_publication = batch.state in (State.STAGING, State.PAUSED, State.FAILED)
        if before_publication and not all_kept(batch):
            messages.error(request, _("The files of this import are not kept here; run its command again."))
            return self._to(pk)
        working.resume(batch)
        return self._work(request, batch)

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop reading after the records at hand."""
        batch = self._batch(request, pk)
        if not working.pause(batch):
            messages.warning(request, _("This import is not being read, so it cannot be paused."))
        return self._to(pk)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give up an import that was not published."""
        batch = self._batch(request, pk)
        if not working.give_up(batch):
            messages.error(request, _("This import is being published or was; it cannot be given up."))
            return self._to(pk)
        return self._work(request, batch)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a published import back, with a reason."""
        return self._turn(request, pk, State.UNDOING)

    def redo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do an import again that was undone."""
        return self._turn(request, pk, State.REDOING)

    def _turn(self, request: HttpRequest, pk: int, turn: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        batch = self._batch(request, pk, publishes=True)
        reason = " ".join(request.POST.get("reason", "").split())
        if not reason:
            messages.error(request, _("Say why: the reason is kept with the articles."))
            return self._to(pk)
        if not undoing.begin(batch, turn, by=request.user, reason=reason):  # type: ignore[arg-type]  # logged in
            messages.warning(request, _("Someone else was faster: look at what the import is now."))
            return self._to(pk)
        return self._work(request, batch)

    def _work(self, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        """Have it worked on, and say what came of it."""
        answer = tasks.nudge(batch, seconds=STEP_SECONDS, patience=PATIENCE)
        before = batch.state
        batch.refresh_from_db()
        if answer == working.OTHER and batch.state == State.CANCELLED:
            messages.info(
                request,
                _("The import is given up. Another import is running; what this one brought goes after it."),
            )
        elif answer == working.OTHER:
            messages.warning(request, _("Another import is running. Go on with this one in a moment."))
        elif answer == working.TAKEN and is_working(batch):
            messages.warning(request, _("Another request is working on this import. Look again in a minute."))
        elif not is_working(batch) and (text := self._done(batch.state)):
            messages.success(request, text)
            if before != State.CANCELLED and batch.state in ImportBatch.SHOWN:
                tell(request)
        return self._to(batch.pk)

    @staticmethod
    def _done(state: str) -> str:
        return {
            State.PUBLISHED: _("The import is done."),
            State.CANCELLED: _("The import was given up; nothing of it was kept."),
            State.UNDONE: _("The import was undone; nothing of it was deleted."),
        }.get(State(state), "")

    def _batch(self, request: HttpRequest, pk: int, *, publishes: bool = False) -> ImportBatch:
        """The batch of a button that was pressed by someone who may; `publishes`: it reaches readers."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        if publishes and not self.may_publish(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @staticmethod
    def may_publish(request: HttpRequest) -> bool:
        """Whether what an import brings may reach readers through this person."""
        return request.user.has_perm("articles.publish_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        """All imports for who may publish, for a contributor their own."""
        batches = super().get_queryset(request)
        return batches if self.may_publish(request) else batches.filter(created_by=request.user.pk)

    @staticmethod
    def _to(pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_importbatch_change", args=[pk]))
