"""Trial of a cleaning rule on stored texts before it is in force; nothing is written.

The result counts the texts that the rule would change and shows some of them as a word diff.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from articles.backfill.reapply_rules import cleanable_articles, find_cuts
from articles.boilerplate.rule_store import build_rule_set
from articles.boilerplate.text_cuts import restored_lines, text_fields
from articles.models import Article, CleaningRule
from articles.text.boilerplate_filter import FIELDS
from articles.text.diff import TextDiff, diff_texts

#: Maximum number of texts that a trial reads, newest first, and of seconds that a librarian waits for the
#: page.
MAX_TEXTS, MAX_SECONDS = 2000, 5.0
READ_CHUNK = 200
#: Number of texts shown as a word diff, and of unchanged paragraphs shown around each change.
MAX_SAMPLES, CONTEXT_ROWS = 10, 1


@dataclass(frozen=True, slots=True)
class TrialSample:
    """A text that the rule would change, with the diff."""

    article: Article
    differences: TextDiff


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """The effect of a rule. `complete`: every text of its source was read."""

    looked_at: int
    changed: int
    complete: bool
    samples: tuple[TrialSample, ...]

    @property
    def percent(self) -> float:
        """Percentage of the texts that the rule would change."""
        return round(100 * self.changed / self.looked_at, 1) if self.looked_at else 0.0


def try_rule(rule: CleaningRule, most: int = MAX_TEXTS, shown: int = MAX_SAMPLES) -> RuleTrial:
    """Try a rule on the newest texts of its source, or of all sources."""
    rules = build_rule_set(CleaningRule.objects.filter(pk=rule.pk))
    texts = cleanable_articles(rule.source_id).order_by("-pk").select_related("source").defer("original")
    deadline = time.monotonic() + MAX_SECONDS
    seen = changed = 0
    samples: list[TrialSample] = []
    while seen < most and time.monotonic() < deadline:
        chunk = list(texts[seen : seen + min(READ_CHUNK, most - seen)])
        if not chunk:
            return RuleTrial(seen, changed, complete=True, samples=tuple(samples))
        refused = restored_lines(article.pk for article in chunk)
        for article in chunk:
            found = find_cuts(article, rules, refused.get(article.pk, ()))
            changed += bool(found.cuts)
            if found.cuts and len(samples) < shown:
                samples.append(TrialSample(article, _shortened_diff(article, found.texts)))
        seen += len(chunk)
    return RuleTrial(seen, changed, complete=not texts[seen : seen + 1].exists(), samples=tuple(samples))


def _shortened_diff(article: Article, after: dict[str, str]) -> TextDiff:
    """Return the diff, reduced to the changes and the paragraphs around them."""
    before = text_fields(article)
    whole = diff_texts(*("\n".join(texts[field] for field in FIELDS) for texts in (before, after)))
    near = {
        at + step
        for at, row in enumerate(whole.rows)
        if row.changed
        for step in range(-CONTEXT_ROWS, CONTEXT_ROWS + 1)
    }
    return replace(whole, rows=tuple(row for at, row in enumerate(whole.rows) if at in near))
