"""`clean_articles`: apply boilerplate rules to stored articles, or restore what a rule cut."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.backfill.reapply_rules import (
    apply_rules,
    cleanable_articles,
    iter_article_cuts,
    restore_all_cuts,
)
from articles.boilerplate.rule_store import build_rule_set
from articles.geotagging.geotagger import PlaceResolver
from articles.management.argument_types import row_number
from articles.metadata.source_resolver import SourceResolver
from articles.models import CleaningRule
from articles.outbox.commit_hooks import finish_indexing
from articles.text.boilerplate_filter import Cut


class Command(BaseCommand):
    """Exit code 0; 1: failed; 2: no such source or rule.

    An interrupted run can be repeated: nothing is cut twice, and restored spans stay.
    """

    help = "Cuts page furniture from stored articles by the rules in force, each cut with a Revision."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="", metavar="NAME", help="only articles of this source")
        parser.add_argument("--rule", type=row_number, metavar="ID", help="only this rule")
        parser.add_argument("--dry-run", action="store_true", help="say what would be cut, change nothing")
        parser.add_argument("--put-back", action="store_true", help="put back all that the rule (--rule) cut")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        self.say = self.stderr.write
        report = self.put_back(options) if options["put_back"] else self.clean(options)
        report["seconds"] = round(time.monotonic() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.tell(report)
        if not options["dry_run"] and not finish_indexing():
            self.stderr.write("It is saved; the search follows when the search engine is back.")

    def clean(self, options: dict[str, Any]) -> dict[str, Any]:
        """Apply the rules in chunks."""
        source = self.source(options["source"])
        rules = build_rule_set(CleaningRule.objects.filter(pk__in=self.rules(options["rule"])))
        resolver, dry = PlaceResolver(), options["dry_run"]
        read = changed = 0
        cuts: Counter[tuple[int, str]] = Counter()
        for chunk in iter_article_cuts(cleanable_articles(source), rules):
            read += len(chunk)
            found = [each for each in chunk if each.cuts]
            if found and not dry:
                found = apply_rules([each.article.pk for each in found], rules, by=None, resolver=resolver)
            changed += len(found)
            cuts.update(_by_rule(cut) for each in found for cut in each.cuts)
            self.say(f"{read:,} read, {changed:,} changed")
        told = [{"id": pk, "rule": said, "cuts": count} for (pk, said), count in cuts.most_common()]
        return {"read": read, "changed": changed, "cuts": cuts.total(), "rules": told, "dry_run": dry}

    def put_back(self, options: dict[str, Any]) -> dict[str, Any]:
        """Restore all cuts of a rule."""
        if not options["rule"]:
            raise CommandError("--put-back needs --rule.", returncode=2)
        self.rules(options["rule"], active=False)
        rule = CleaningRule.objects.get(pk=options["rule"])
        if options["dry_run"]:
            there = rule.cuts.filter(undone_at__isnull=True, start__isnull=False).count()
            return {"put_back": there, "left": 0, "dry_run": True}
        done, left = restore_all_cuts(rule, by=None, reason="clean_articles --put-back")
        return {"put_back": done, "left": left, "dry_run": False}

    def source(self, name: str) -> int | None:
        """Return the id of the source; None for all."""
        found = SourceResolver().find(name) if name else None
        if name and found is None:
            raise CommandError(f"There is no such source: {name}", returncode=2)
        return found

    def rules(self, only: int | None, *, active: bool = True) -> list[int]:
        """Return the ids of the rules in force, or that of the named one."""
        rules = CleaningRule.objects.all()
        if active:
            rules = rules.filter(state=CleaningRule.State.ACTIVE)
        if only is None:
            return list(rules.values_list("pk", flat=True))
        if not rules.filter(pk=only).exists():
            raise CommandError(f"There is no such rule in force: {only}", returncode=2)
        return [only]

    def tell(self, report: dict[str, Any]) -> None:
        """Format the result as text."""
        if report["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
        for line in report.pop("rules", []):
            self.stdout.write(f"#{line['id']} {line['rule']}: {line['cuts']:,}")
        counts = {name: value for name, value in report.items() if name != "dry_run"}
        self.stdout.write(", ".join(f"{name} {value:,}" for name, value in counts.items()))


def _by_rule(cut: Cut) -> tuple[int, str]:
    return cut.rule, cut.said
