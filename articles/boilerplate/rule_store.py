"""The cleaning rules of this archive as a RuleSet, and the rules that are shipped with the program."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from articles.models import CleaningRule, MergedSource
from articles.text.boilerplate_filter import RuleSet

SHIPPED = Path(__file__).with_name("boilerplate_rules.tsv")
ACTIVE, RETIRED = CleaningRule.State.ACTIVE, CleaningRule.State.RETIRED


def active_rules() -> RuleSet:
    """Return the rules in force."""
    return build_rule_set(CleaningRule.objects.filter(state=ACTIVE))


def build_rule_set(rules: QuerySet[CleaningRule]) -> RuleSet:
    """Return these rules as a RuleSet, each with all names of its source."""
    merged = Prefetch("source__merged_from", queryset=MergedSource.objects.all())
    found = rules.order_by("pk").select_related("source").prefetch_related(merged)
    return RuleSet(rule.frozen(_names(rule)) for rule in found)


def _names(rule: CleaningRule) -> frozenset[str]:
    if rule.source is None:
        return frozenset()
    return frozenset([rule.source.name, *(merged.name for merged in rule.source.merged_from.all())])


def iter_shipped_rules() -> Iterator[tuple[str, str, str]]:
    """Yield (kind, field, pattern) of each rule in boilerplate_rules.tsv."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        rows = (line for line in lines if not line.startswith("#"))
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["kind"], row["field"], row["pattern"]


def install_shipped_rules(sender: AppConfig, *, using: str, **_kwargs: Any) -> None:
    """Activate shipped rules that are new, and retire those no longer shipped (receiver of `post_migrate`).

    Rules that a librarian retired stay retired.
    """
    rules = CleaningRule.objects.using(using)
    wanted = {"\t".join(row): row for row in iter_shipped_rules()}
    known = dict(rules.exclude(key="").values_list("key", "state"))
    now = timezone.now()
    rules.bulk_create(_new(row for key, row in wanted.items() if key not in known))
    gone = [key for key, state in known.items() if key not in wanted and state != RETIRED]
    if gone:
        rules.filter(key__in=gone).update(state=RETIRED, retired_at=now)


def _new(rows: Iterable[tuple[str, str, str]]) -> list[CleaningRule]:
    return [
        CleaningRule(
            kind=kind, field=field, pattern=pattern, key=f"{kind}\t{field}\t{pattern}", state=ACTIVE,
            origin=CleaningRule.Origin.SHIPPED,
        )
        for kind, field, pattern in rows
    ]  # fmt: skip
