"""The story of a web page: which runs of its text belong to the article.

trafilatura says which text it takes for the article; that and the place under the headline decide which part
of the page is the story. Its text is then taken from the page itself, because trafilatura leaves out lists,
definitions, captions and short lines, and puts a page laid out in a table into one line.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from articles.readers.web.page_runs import PageRun, PageRuns, join_runs
from articles.text.page_title import is_same_wording

#: A run of fewer words does not show where the story is.
MIN_WORDS = 5
#: Weight of a run that trafilatura does not take for part of the article.
UNCONFIRMED = 0.25
#: The story is in the smallest element that has this share of what looks like it.
SHARE = 0.9
#: An element with this share of the article is no menu, nor are menus together with the other share of it.
MOST, IN_MENUS = 0.6, 0.5
#: Words compared with the text that trafilatura found.
GRAM = 4
#: Most words between a headline and the element of the story that still belong to it: a lead, a caption.
MAX_LEAD_WORDS = 150
#: Words of a teaser besides its link, of the link itself, and number of teasers that make a list.
MAX_TEASER_WORDS, MIN_LINK_WORDS, MIN_TEASERS = 60, 3, 3
#: A line that calls itself a hint at another article is none of the story if so much of it is a link.
LINKED_ASIDE = 0.4
#: A headline with so many times the words before it that are under it is that of another thing.
MOST_BEFORE = 10
#: Teasers are the article if they have so many times the words of all other sentences under the headline.
LISTED = 20
#: A note says so if a story has less than this share of the sentences on its page.
MIN_COVERAGE = 0.6
#: Lines above the first paragraph that are read for a date, and words that make a paragraph.
MAX_LINES, PARAGRAPH_WORDS = 10, 16
_PARAGRAPHS = frozenset(
    ("p", "li", "blockquote", "pre", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "tr")
)
_RELATED = re.compile(
    r"\W*(?:اقرأ|إقرأ|اقرئي|شاهد|طالع|للمزيد|المزيد|مواضيع|موضوعات|أخبار|مقالات|روابط|ذات صلة|شارك|مشاركة"
    r"|طباعة|Read|Related|See|More|Share)\b",
    re.I,
)
_READ_ALSO = re.compile(
    r"\W*(?:[اإ]قر[أئ]ي? أيض|شاهد أيض|طالع أيض|للمزيد|لمزيد من|مواضيع ذات صلة"
    r"|أخبار ذات صلة|Read (?:also|more)|See also|Related)",
    re.I,
)
_IMPRINT = re.compile(r".{0,40}(?:جميع الحقوق|حقوق النشر|©|Copyright|All rights reserved)", re.I)


@dataclass(frozen=True, slots=True)
class Story:
    """The text of an article and what share of the sentences of its page it has.

    `above` are the lines between headline and first paragraph, `below` the last lines.
    """

    text: str
    coverage: float
    above: tuple[str, ...]
    below: tuple[str, ...]


def find_story(page: PageRuns, headline: str, extracted: str) -> Story | None:
    """Return the story, or None if no run looks like one.

    `headline` is the title of the page, `extracted` what trafilatura takes for the article.
    """
    return _Search(page, headline, extracted).run()


class _Search:
    def __init__(self, page: PageRuns, headline: str, extracted: str) -> None:
        self.page, self.runs = page, page.runs
        self.grams = _grams(extracted)
        self.headline = self._find_headline(headline)
        self.dropped = self._dropped()

    def run(self) -> Story | None:
        """Return the story."""
        masses = self._masses()
        self.sums = [0.0, *accumulate(masses)]
        if not self.sums[-1]:
            return None
        low, high = self._region()
        chosen = [*self._lead(low), *range(low, high)]
        sure = [at for at in chosen if masses[at]]
        taken = [at for at in chosen if self._belongs(at, sure[0], sure[-1])]
        text = join_runs([self.runs[at] for at in taken])
        if not text:
            return None
        return Story(text, self._coverage(set(taken)), self._above(taken), self._below(taken))

    # --- which runs count ---------------------------------------------------------------------------------

    def _find_headline(self, headline: str) -> int:
        """Return the index of the run with the headline, or -1: a heading rather than another line."""
        if not headline:
            return -1
        wanted = len(headline.split())
        same = [
            at for at, run in enumerate(self.runs)
            if abs(run.words - wanted) <= 2 and is_same_wording(run.text, headline)
        ]  # fmt: skip
        headings = [at for at in same if self.runs[at].heading and not self.runs[at].link]
        plain = [at for at in same if not self.runs[at].link and not self.runs[at].furniture]
        return next(iter(headings or plain), -1)

    def _dropped(self) -> set[int]:
        """Return the runs in menus, comments and lists of teasers."""
        found = self._in_menus()
        spans = teaser_spans(self.page)
        teasers = {at for low, high in spans if not low <= self.headline < high for at in range(low, high)}
        return found if self._are_the_article(teasers - found) else found | teasers

    def _in_menus(self) -> set[int]:
        """Return the runs in elements that are called menus, comments and the like.

        Classes and ids may mean something else (id="sharing-data"), so trafilatura is asked.
        """
        sentences = [run.words if not run.link and run.words >= MIN_WORDS else 0 for run in self.runs]
        known = [
            words if words and self._is_confirmed(run) else 0
            for run, words in zip(self.runs, sentences, strict=True)
        ]
        whole: Counter[int] = Counter()
        confirmed: Counter[int] = Counter()
        for run, words, sure in zip(self.runs, sentences, known, strict=True):
            for number in run.furniture:
                whole[number] += words
                confirmed[number] += sure
        inside = sum(sure for run, sure in zip(self.runs, known, strict=True) if run.furniture)
        fewest = 0 if inside > IN_MENUS * sum(known) else MOST * sum(known)
        story = {
            number for number, words in whole.items()
            if words and confirmed[number] >= max(MOST * words, fewest, 1)
        }  # fmt: skip
        if self.headline >= 0:
            story.update(self.runs[self.headline].furniture)
        return {at for at, run in enumerate(self.runs) if not story.issuperset(run.furniture)}

    def _are_the_article(self, teasers: set[int]) -> bool:
        """Return True if under the headline there is nothing else that could be the article."""
        under = range(self.headline + 1, len(self.runs))
        words = [run.words if not run.link and run.words >= MIN_WORDS else 0 for run in self.runs]
        listed = sum(words[at] for at in under if at in teasers)
        return listed > LISTED * (sum(words[at] for at in under) - listed)

    def _masses(self) -> list[float]:
        """Return how much each run speaks for its place being that of the story."""
        begin = self.headline + 1
        masses = [
            0.0 if at in self.dropped or run.link else self._weight(run) for at, run in enumerate(self.runs)
        ]
        under = sum(masses[begin:])
        if begin and under >= 3 * MIN_WORDS * UNCONFIRMED and under * MOST_BEFORE > sum(masses[:begin]):
            return [0.0] * begin + masses[begin:]
        self.headline = -1
        return masses if any(masses) else [0.0 if run.link else float(run.words) for run in self.runs]

    def _weight(self, run: PageRun) -> float:
        if run.words < MIN_WORDS or run.row:
            return 0.0
        return run.words * (1.0 if self._is_confirmed(run) else UNCONFIRMED)

    def _is_confirmed(self, run: PageRun) -> bool:
        """Return True if trafilatura takes the run for part of the article."""
        words = run.text.split()
        return tuple(words[:GRAM]) in self.grams or tuple(words[-GRAM:]) in self.grams

    # --- where the story is -------------------------------------------------------------------------------

    def _region(self) -> tuple[int, int]:
        """Return the range of runs of the element that holds the story."""
        spans, total = self.page.spans, self.sums[-1]
        node = best = None
        for each, (low, high) in spans.items():
            # Elements are in the order of their ends: the first that has the share is the smallest.
            if self.sums[high] - self.sums[low] >= SHARE * total:
                node = best = each
                break
        if node is None:
            return 0, len(self.runs)
        while (parent := node.getparent()) is not None and parent in spans and self._is_part(node, parent):
            node = best = parent
        for outer in node.iterancestors("article", "div", "section", "main"):
            if outer in spans and (outer.tag == "article" or outer.get("itemprop") == "articleBody"):
                best = outer
                break
        return spans[best]

    def _is_part(self, node: Any, parent: Any) -> bool:
        """Return True if the story goes on around an element: it is a paragraph, or text stands beside it."""
        low, high = self.page.spans[node]
        if parent.tag in ("body", "html") and node.tag not in _PARAGRAPHS and high - low > 1:
            return False
        beside = bool((parent.text or "").strip()) or any((child.tail or "").strip() for child in parent)
        return node.tag in _PARAGRAPHS or high - low <= 1 or beside

    def _lead(self, low: int) -> list[int]:
        """Return the runs between the headline and the element of the story."""
        if not 0 <= self.headline < low:
            return []
        between = [
            at for at in range(self.headline + 1, low) if at not in self.dropped and not self.runs[at].link
        ]
        return between if sum(self.runs[at].words for at in between) <= MAX_LEAD_WORDS else []

    def _belongs(self, at: int, first: int, last: int) -> bool:
        """Return True for a run that is part of the story; `first` and `last` are those that surely are."""
        run = self.runs[at]
        if at <= self.headline or at in self.dropped:
            return False
        if run.linked > LINKED_ASIDE and _READ_ALSO.match(run.text):
            return False
        if run.link:
            return first < at < last and not _RELATED.match(run.text)
        return at < last or not (_RELATED.match(run.text) or _IMPRINT.match(run.text)) or at == last

    def _above(self, taken: list[int]) -> tuple[str, ...]:
        """Return the lines between the headline, or the beginning of the story, and its first paragraph."""
        begin = self.headline + 1 if self.headline >= 0 else taken[0]
        lines = []
        for run in self.runs[begin : begin + MAX_LINES]:
            if run.words >= PARAGRAPH_WORDS:
                break
            if not run.changed:
                lines.append(run.text)
        return tuple(lines)

    def _below(self, taken: list[int]) -> tuple[str, ...]:
        """Return the last lines of the story and those right behind it."""
        last = taken[-1]
        around = self.runs[max(0, last - 1) : last + 3]
        return tuple(run.text for run in around if run.words < PARAGRAPH_WORDS)

    def _coverage(self, taken: set[int]) -> float:
        sentences = [
            at for at, run in enumerate(self.runs)
            if run.words > MIN_WORDS and not run.link and at not in self.dropped and at != self.headline
        ]  # fmt: skip
        words = sum(self.runs[at].words for at in sentences)
        return sum(self.runs[at].words for at in sentences if at in taken) / words if words else 1.0


def teaser_spans(page: PageRuns) -> list[tuple[int, int]]:
    """Return the ranges of runs of teasers: siblings that each begin with a headline that is a link."""
    links = [0, *accumulate(run.link and run.words >= MIN_LINK_WORDS for run in page.runs)]
    words = [0, *accumulate(0 if run.link else run.words for run in page.runs)]
    by_parent: dict[tuple[Any, str], list[tuple[int, int]]] = {}
    for node, (low, high) in page.spans.items():
        if not 0 < links[high] - links[low] <= 2 or words[high] - words[low] > MAX_TEASER_WORDS:
            continue
        begins = next((at for at in range(low, high) if not page.runs[at].caption), low)
        if page.runs[begins].link and (
            node.tag not in _PARAGRAPHS or words[high] == words[low] or node.tag == "li"
        ):
            by_parent.setdefault((node.getparent(), node.tag), []).append((low, high))
    return [
        span
        for (_parent, tag), spans in by_parent.items()
        if len(spans) >= MIN_TEASERS and (tag != "li" or words[spans[-1][1]] > words[spans[0][0]])
        for span in spans
    ]


def _grams(text: str) -> set[tuple[str, ...]]:
    """Return all sequences of four words of a text."""
    words = text.split()
    return {tuple(words[at : at + GRAM]) for at in range(len(words))}
