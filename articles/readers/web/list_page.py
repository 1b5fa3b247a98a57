"""Pages of a web archive that are no article: front pages, sections, tags, results of a search.

They are told by what they are: headlines that are links, hardly a sentence beside them, and a page that calls
itself a site or a list, or has the address of one. A page that calls itself an article is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from articles.readers.web.html_page import page_tree
from articles.readers.web.page_head import iter_json_ld, iter_metas
from articles.readers.web.page_runs import PageRuns, is_apart, read_runs
from articles.readers.web.story import MAX_TEASER_WORDS, teaser_spans

FRONT, LIST, SEARCH = "front page", "list of articles", "search page"
#: Least number of words of a headline that is a link, and of a sentence.
_HEADLINE_WORDS, _SENTENCE_WORDS = 4, 8
#: Least number of headlines of a list: where the page calls itself one, and where it does not.
_HEADLINES, _MANY_HEADLINES = 4, 10
#: Words of sentences below which a page that calls itself a list, or does not, is no article.
_LITTLE_TEXT, _NO_TEXT = 60, 8
#: Elements inside a paragraph that neither part its text nor are links.
_PLAIN_TAGS = frozenset(("p", "b", "em", "font", "i", "span", "strong", "u"))
_FRONT_PATH = re.compile(r"/?(?:(?:ar|en|home|index|default|main|arabic)(?:\.\w{2,5})?/?)?", re.I)
_LIST_PATH = re.compile(
    r"/(?:category|categories|cat|tags?|topics?|sections?|authors?|page|label|news-list|latest"
    r"|archives?(?!/(?!(?:19|20)\d\d/?$)\d+/?$)"
    r"|تصنيف|قسم|وسم|أقسام|كاتب)(?:/|$)",
    re.I,
)
_SEARCH_PATH = re.compile(r"/(?:search|بحث)(?:/|\.|$)", re.I)
#: An address that ends with the number of an article, as many write it. Their pages may all say "website".
_NUMBERED = re.compile(r"\d{3,}(?:\.\w{2,5})?/?")
_SEARCH_KEYS = frozenset(("s", "q", "query", "search", "keyword", "keywords", "searchword"))
#: What WordPress and others say of a page in the class of its body.
_LIST_CLASSES = frozenset(("home", "blog", "archive", "category", "tag", "author", "page-front", "front"))
_SEARCH_CLASSES = frozenset(("search", "search-results", "search-no-results"))
_ARTICLE_CLASSES = frozenset(("single", "single-post", "node-type-article", "page-node-type-article"))
#: A page that is surely an article is not parsed; its head is in the first bytes.
_ARTICLE_MARK = re.compile(rb"""["']og:type["']\s+content=["']article["']|["']article:published_time["']""")
_HEAD_BYTES = 64 * 1024
#: The list of files that a web server shows for a folder.
_FOLDER = re.compile(rb"<title>\s{0,20}(?:Index of|Directory listing for) /", re.I)
_TITLE_BYTES = 2_048
_ARTICLES = ("article", "posting", "report")


def list_kind(data: bytes, address: str) -> str:
    """Return what a page is if it is no article, else ""."""
    if _ARTICLE_MARK.search(data, 0, _HEAD_BYTES):
        return ""
    if _FOLDER.search(data, 0, _TITLE_BYTES):
        return LIST
    tree = page_tree(data)
    if tree is None or _has_paragraphs(tree):
        return ""
    metas: dict[str, str] = {}
    for name, content in iter_metas(tree):
        metas.setdefault(name, content.strip().lower())
    og_type, classes = metas.get("og:type", ""), _body_classes(tree)
    says_article = og_type == "article" or "article:published_time" in metas or classes & _ARTICLE_CLASSES
    if says_article or _has_one_article(tree):
        return ""
    kind = _declared_kind(address, og_type, classes)
    runs = read_runs(tree)
    headlines, words = _headlines_and_words(runs)
    if kind and words < _LITTLE_TEXT and (kind == SEARCH or headlines >= _HEADLINES):
        return kind
    return LIST if headlines >= _MANY_HEADLINES and words < _NO_TEXT else ""


def _has_paragraphs(tree: Any) -> bool:
    """Return True if paragraphs side by side have more words than any list.

    All runs of a page, which are read once more with the story, tell the same, but take a seventh of the time
    of an import.
    """
    words: Counter[Any] = Counter()
    for paragraph in tree.iter("p"):
        if any(each.tag not in _PLAIN_TAGS for each in paragraph.iter()):
            continue
        count = len(paragraph.text_content().split())
        if count >= _SENTENCE_WORDS and not is_apart(paragraph):
            words[paragraph.getparent()] += count
            if words[paragraph.getparent()] > max(MAX_TEASER_WORDS, _LITTLE_TEXT):
                return True
    return False


def _headlines_and_words(page: PageRuns) -> tuple[int, int]:
    """Return how many headlines of a page are links, and the words of its sentences that are no teasers."""
    teasers = {at for low, high in teaser_spans(page) for at in range(low, high)}
    headlines = {run.text for run in page.runs if run.link and run.words >= _HEADLINE_WORDS}
    words = sum(
        run.words
        for at, run in enumerate(page.runs)
        if not run.link and not run.furniture and at not in teasers and run.words >= _SENTENCE_WORDS
    )
    return len(headlines), words


def _has_one_article(tree: Any) -> bool:
    """Return True if a page describes one article in JSON-LD, and no list."""
    named = [kind for entity in iter_json_ld(tree) for kind in _kinds(entity)]
    return sum(kind.endswith(_ARTICLES) for kind in named) == 1 and "itemlist" not in named


def _declared_kind(address: str, og_type: str, classes: set[str]) -> str:
    """Return what a page calls itself or has the address of, "" if that tells nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    values = parse_qsl(parts.query)
    # Elsewhere than in a search, "s" and "q" are numbers.
    sought = {key.lower() for key, value in values if not value.isdecimal()}
    path = unquote(parts.path)
    if sought & _SEARCH_KEYS or _SEARCH_PATH.search(path) or classes & _SEARCH_CLASSES:
        return SEARCH
    if parts.netloc and _FRONT_PATH.fullmatch(path) and not values:
        return FRONT
    if _LIST_PATH.search(path) or classes & _LIST_CLASSES:
        return LIST
    last = re.split("[/_-]", path.rstrip("/"))[-1]
    if any(map(_NUMBERED.fullmatch, (last, *dict(values).values()))):
        return ""
    return LIST if og_type == "website" else ""


def _body_classes(tree: Any) -> set[str]:
    body = tree.find("body")
    return set() if body is None else set((body.get("class") or "")[:500].lower().split())


def _kinds(entity: dict[str, Any]) -> Iterator[str]:
    kinds = entity.get("@type")
    for kind in kinds[:10] if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str):
            yield kind.lower()
