"""What browsers and search engines ask of a site: how to search it, its pages, what to leave alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.models import Article, ArticleQuerySet
from search.suggest.autocomplete import autocomplete

_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SUGGESTIONS_TYPE = "application/x-suggestions+json"


@require_safe
def opensearch_descriptor(request: HttpRequest) -> HttpResponse:
    """Describe the search for browsers (OpenSearch 1.1); its short name is in the language of the page."""
    tree = etree.Element(f"{{{_OPENSEARCH}}}OpenSearchDescription", nsmap={None: _OPENSEARCH})

    def add(name: str, text: str = "", **attributes: str) -> None:
        child = etree.SubElement(tree, f"{{{_OPENSEARCH}}}{name}", attributes)
        child.text = text or None

    names = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.append(_("News archive"))
    host = request.build_absolute_uri("/").rstrip("/")
    add("ShortName", _("News archive")[:16])
    add("LongName", " / ".join(names)[:48])
    add("Description", _("Search the news as it was written"))
    add("InputEncoding", "UTF-8")
    for language, _name in settings.LANGUAGES:
        add("Language", language)
    add("Image", request.build_absolute_uri(static("icon.svg")), type="image/svg+xml")
    for kind, name in (
        ("text/html", "search:results"),
        ("application/atom+xml", "search:feed"),
        (SUGGESTIONS_TYPE, "search:opensearch_suggestions"),
    ):
        add("Url", type=kind, template=f"{host}{reverse(name)}?q={{searchTerms}}")
    add("Url", type="application/opensearchdescription+xml", rel="self", template=host + request.path)
    content = etree.tostring(tree, xml_declaration=True, encoding="utf-8")
    return HttpResponse(content, content_type="application/opensearchdescription+xml; charset=utf-8")


# Never kept, as a withdrawn word must not be suggested a minute later.
@never_cache
@require_safe
def opensearch_suggestions(request: HttpRequest) -> JsonResponse:
    """Return [query, completions, number of articles of each, addresses], as browsers read suggestions."""
    typed = request.GET.get("q", "")
    found = autocomplete(typed)
    results = request.build_absolute_uri(reverse("search:results"))
    answer = [
        typed,
        [each.query for each in found],
        [str(each.count) for each in found],
        [f"{results}?{urlencode({'q': each.query})}" for each in found],
    ]
    return JsonResponse(answer, safe=False, content_type=SUGGESTIONS_TYPE)


class _ArticleSitemap(Sitemap[Article]):
    """The permanent addresses of the articles that readers may see."""

    limit = 5000

    def items(self) -> ArticleQuerySet:
        return Article.objects.visible().order_by("pk").only("pk")


_SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"articles": _ArticleSitemap}


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the pages of the sitemap; 404 unless the archive is public."""
    _require_public()
    return sitemap_views.index(request, _SITEMAPS, sitemap_url_name="search:sitemap_page")


@require_safe
def sitemap_page(request: HttpRequest, section: str) -> HttpResponse:
    """List some of the articles' addresses; 404 unless the archive is public."""
    _require_public()
    return sitemap_views.sitemap(request, _SITEMAPS, section=section)


def _require_public() -> None:
    if not settings.PUBLIC_ARCHIVE:
        raise Http404("the archive is not public")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what to leave alone: everything, unless the archive is public."""
    lines = ["User-agent: *"]
    if settings.PUBLIC_ARCHIVE:
        # Lists say noindex themselves, which a robot that may not open them would never read.
        lines += ["Disallow: /admin/", "Disallow: /api/", "Disallow: /suggest/"]
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('search:sitemap'))}"]
    else:
        lines.append("Disallow: /")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
