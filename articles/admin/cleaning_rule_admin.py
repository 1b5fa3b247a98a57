"""Boilerplate rules in the admin: write, propose, try on texts, accept, retire."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.model_admin import ModelAdmin, ModelForm, report_search_status
from articles.backfill.reapply_rules import restore_all_cuts
from articles.backfill.rule_learning import propose_rules
from articles.backfill.rule_trial import try_rule
from articles.models import CleaningRule, Source
from articles.outbox.commit_hooks import finish_indexing
from articles.templatetags.admin_format import minute
from articles.text.boilerplate_rules import pattern_key
from articles.text.sanitize import sanitize_text

State = CleaningRule.State
#: Cuts restored within a request; the command `clean_articles --put-back` restores any number.
MAX_PUT_BACK = 100
#: A pattern of fewer letters matches too many lines by chance.
MIN_PATTERN_LETTERS = 2


class CleaningRuleForm(ModelForm[CleaningRule]):
    """A form for a boilerplate rule."""

    class Meta:
        model = CleaningRule
        fields = ["source", "field", "kind", "pattern", "note"]
        help_texts: ClassVar[dict[str, Any]] = {
            "kind": gettext_lazy(
                "Headlines under a line are also those behind one bullet, wherever they stand."
            )
        }

    def clean_pattern(self) -> str:
        """Return the pattern on one line; refuse one with too few letters."""
        return " ".join(sanitize_text(self.cleaned_data["pattern"])[0].split())

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that can match nothing or exists already."""
        data = super().clean() or self.cleaned_data
        kind, pattern = data.get("kind", ""), data.get("pattern", "")
        if self.errors or not pattern:
            return data
        key = pattern_key(kind, pattern)
        if sum(char.isalpha() for char in key) < MIN_PATTERN_LETTERS:
            raise forms.ValidationError(_("Write at least two letters: signs alone stand in many lines."))
        same = CleaningRule.objects.filter(source=data.get("source"), field=data.get("field"), kind=kind)
        for other in same.exclude(pk=self.instance.pk):
            if pattern_key(kind, other.pattern) == key:
                raise forms.ValidationError(
                    _("This rule is there already: #%(number)d (%(state)s).")
                    % {"number": other.pk, "state": other.get_state_display()}
                )
        return data


@admin.register(CleaningRule)
class CleaningRuleAdmin(ModelAdmin[CleaningRule]):
    """Boilerplate rules. A rule cuts only after it was tried and accepted; a used one stays on record."""

    form = CleaningRuleForm

    when_empty = gettext_lazy(
        "There are no rules of your own yet. Add one, or import articles and look for lines that "
        "repeat in them."
    )
    list_display = ["words", "kind", "field", "source", "state", "origin", "seen_in", "cuts_made"]
    list_filter = ["state", "origin", "kind", "source"]
    list_select_related = ["source"]
    search_fields = ["pattern", "note"]
    list_per_page = 100
    readonly_fields = ["state", "origin", "seen_in", "cuts_made", "told"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CleaningRule]:
        """Add the number of cuts in effect."""
        in_effect = Q(cuts__undone_at__isnull=True, cuts__start__isnull=False)
        return super().get_queryset(request).annotate(cut=Count("cuts", filter=in_effect))

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs to try, accept, retire and learn rules."""
        wrap, name = self.admin_site.admin_view, "articles_cleaningrule_{}".format
        return [
            path("<int:pk>/trial/", wrap(self.trial_view), name=name("trial")),
            path("<int:pk>/accept/", wrap(self.accept_view), name=name("accept")),
            path("<int:pk>/retire/", wrap(self.retire_view), name=name("retire")),
            path("learn/", wrap(self.learn_view), name=name("learn")),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rules are retired, as their cuts refer to them."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: CleaningRule | None = None) -> Any:
        """Return all fields of a rule that has been in force."""
        fixed = super().get_readonly_fields(request, obj)
        settled = obj is not None and obj.state != State.PROPOSED
        return ["source", "field", "kind", "pattern", *fixed] if settled else fixed

    def get_fieldsets(self, request: HttpRequest, obj: CleaningRule | None = None) -> Any:
        """Leave out the fields that a new rule does not have yet."""
        own = {"fields": ["source", "field", "kind", "pattern", "note"]}
        known = {"fields": [*self.readonly_fields]}
        return [(None, own)] if obj is None else [(None, own), (_("What the archive knows"), known)]

    def save_model(self, request: HttpRequest, obj: CleaningRule, form: Any, change: bool) -> None:
        """Store the user who wrote the rule."""
        if not change:
            obj.made_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: CleaningRule, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Redirect to the trial of the new rule."""
        return HttpResponseRedirect(reverse("admin:articles_cleaningrule_trial", args=[obj.pk]))

    # -- trial, acceptance, retirement

    def trial_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the rule would cut from stored texts."""
        rule = self._rule(request, pk)
        context = {**self._page(request, rule, _("Try this rule")), "trial": try_rule(rule)}
        return TemplateResponse(request, "admin/articles/cleaningrule/trial.html", context)

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the rule in force for new imports."""
        if request.method != "POST":
            raise PermissionDenied
        rule = self._rule(request, pk)
        done = CleaningRule.objects.filter(pk=pk).exclude(state=State.ACTIVE).update(
            state=State.ACTIVE, accepted_by=request.user, accepted_at=timezone.now(), retired_by=None,
            retired_at=None, retired_reason="",
        )  # fmt: skip
        if done:
            self.log_change(request, rule, _("Accepted."))
            text = _(
                "The rule is in force for what comes in from now on. For articles that are here already: "
                "clean_articles --rule %(number)d"
            )
            messages.success(request, text % {"number": pk})
        return HttpResponseRedirect(reverse("admin:articles_cleaningrule_change", args=[pk]))

    def retire_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a reason and whether to restore the cuts, then retire the rule; refuse a proposed one."""
        rule = self._rule(request, pk)
        is_proposed = rule.state == State.PROPOSED
        reason = request.POST.get("reason", "").strip()
        if request.method == "POST" and reason:
            CleaningRule.objects.filter(pk=pk).exclude(state=State.RETIRED).update(
                state=State.RETIRED, retired_by=request.user, retired_at=timezone.now(),
                retired_reason=reason[:300],
            )  # fmt: skip
            self.log_change(request, rule, reason)
            retired, refused = _("The rule is retired: it cuts nothing any more."), _("The rule is refused.")
            messages.success(request, refused if is_proposed else retired)
            if request.POST.get("put_back"):
                self._put_back(request, rule, reason)
            return HttpResponseRedirect(reverse("admin:articles_cleaningrule_change", args=[pk]))
        if request.method == "POST":
            messages.error(request, _("Say why: the reason is kept in the history."))
        question = _("Refuse this rule?") if is_proposed else _("Retire this rule?")
        context = self._page(request, rule, question)
        return TemplateResponse(request, "admin/articles/cleaningrule/retire.html", context)

    def _put_back(self, request: HttpRequest, rule: CleaningRule, reason: str) -> None:
        done, left = restore_all_cuts(rule, by=request.user, reason=reason, most=MAX_PUT_BACK)  # type: ignore[arg-type]  # logged in
        finish_indexing(settings.SAVE_WAITS_FOR_INDEX)
        text = ngettext("%(count)s piece was put back.", "%(count)s pieces were put back.", done)
        messages.success(request, text % {"count": intcomma(done)})
        if left:
            text = _("Texts that were changed since were left as they are (%(count)s).")
            messages.warning(request, text % {"count": intcomma(left)})
        if done + left == MAX_PUT_BACK:
            text = _("For the rest: clean_articles --rule %(number)d --put-back")
            messages.info(request, text % {"number": rule.pk})
        report_search_status(request)

    def learn_view(self, request: HttpRequest) -> HttpResponse:
        """Propose rules for a source."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:articles_cleaningrule_changelist"))
        number = request.POST.get("source", "")
        source = Source.objects.filter(pk=int(number) if number.isdecimal() else 0).first()
        if source is None:
            messages.error(request, _("Choose a source."))
            return back
        count = len(propose_rules(source, by=request.user))
        text = ngettext(
            "%(count)s line that repeats in the texts of %(source)s was proposed.",
            "%(count)s lines that repeat in the texts of %(source)s were proposed.",
            count,
        )
        messages.success(request, text % {"count": intcomma(count), "source": source.name})
        return back

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the sources from which rules can be learned."""
        sources = Source.objects.order_by("name") if self.has_add_permission(request) else []
        return super().changelist_view(request, {**(extra_context or {}), "sources": sources})

    def _rule(self, request: HttpRequest, pk: int) -> CleaningRule:
        rule = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        return rule

    def _page(self, request: HttpRequest, rule: CleaningRule, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request), "title": title, "opts": self.opts, "rule": rule,
            "cuts": getattr(rule, "cut", 0),
        }  # fmt: skip

    # -- columns

    @admin.display(description=gettext_lazy("the words"), ordering="pattern")
    def words(self, rule: CleaningRule) -> SafeString:
        """Return the pattern, isolated from the direction of the page."""
        return format_html('<bdi dir="auto">{}</bdi>', rule.pattern)

    @admin.display(description=gettext_lazy("cuts in effect"), ordering="cut")
    def cuts_made(self, rule: CleaningRule) -> str:
        """Return the number of cuts in effect."""
        return intcomma(getattr(rule, "cut", 0))

    @admin.display(description=gettext_lazy("learned from"))
    def seen_in(self, rule: CleaningRule) -> str:
        """Return in how many articles a learned line was found."""
        if not rule.seen:
            return "—"
        seen = {name: intcomma(count) for name, count in rule.seen.items()}
        return str(_("%(articles)s of %(of)s texts, on %(days)s days") % seen)

    @admin.display(description=gettext_lazy("by whom and when"))
    def told(self, rule: CleaningRule) -> SafeString:
        """Return who made, accepted and retired the rule, and when."""
        parts = [
            (_("made"), rule.made_by, rule.made_at, ""),
            (_("accepted"), rule.accepted_by, rule.accepted_at, ""),
            (_("retired"), rule.retired_by, rule.retired_at, rule.retired_reason),
        ]
        return format_html_join(
            "",
            '<p dir="auto">{}: <bdi>{}</bdi> {} <bdi>{}</bdi></p>',
            ((label, who or "—", minute(when), why) for label, who, when, why in parts if when),
        )
