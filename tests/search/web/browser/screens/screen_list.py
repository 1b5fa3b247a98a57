"""The pages of the archive as readers and the desk see them, by name, with the sample articles."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

QUERY = f"q={quote('حمص')}"
RESULTS = f"/search/?{QUERY}"


@dataclass(frozen=True)
class Screen:
    """A page: its address, or where the links `follows` lead from there if its address has a number.

    `holds` is a selector of what must be visible, `unfolds` one of what is clicked before it is looked at.
    """

    address: str
    holds: str
    follows: tuple[str, ...] = ()
    unfolds: str = ""
    status: int = 200


FIRST = ".hit .hit-title a"
#: Searches and their views, for readers without an account; two articles are selected.
SEARCHES = {
    "home": Screen("/", ".holds .strip"),
    "results": Screen(RESULTS, ".hit:nth-child(20)"),
    "results-filtered": Screen(
        f"{RESULTS}&source={quote('صحيفة الضفاف')}&not_place={quote('دمشق')}&from=2012", ".chips .chip"
    ),
    "results-why": Screen(RESULTS, ".hit .why", unfolds=".why-link"),
    "results-menu": Screen(
        RESULTS, "a[href^='/search/export/']", unfolds=".menus .menu:last-child > summary"
    ),
    "results-empty": Screen(f"/search/?q={quote('زنجبيل مريخي')}", ".nothing"),
    "results-meant": Screen(f"/search/?q={quote('محادظات')}", ".meant"),
    "results-close": Screen(f"/search/?q={quote('قافلة الطحين في حمص والزبداني والمطار')}", ".close-hit"),
    "view-context": Screen(f"{RESULTS}&view=context", ".kwic"),
    "view-partners": Screen(f"{RESULTS}&view=context&words=partners", ".view-table"),
    "view-distinctive": Screen(f"{RESULTS}&view=context&words=distinctive", ".view-table"),
    "view-time": Screen(f"{RESULTS}&view=time&by=month", ".plot"),
    "view-compare": Screen(
        f"{RESULTS}&view=compare&vs={quote('حلب')}&vs={quote('دمشق')}&by=month", ".legend li:nth-child(3)"
    ),
    "context-exports": Screen("/search/context/", ".view-empty"),
    "facet-place": Screen(f"/facets/place/?{QUERY}", ".rows-tree"),
    "facet-source": Screen(f"/facets/source/?{QUERY}", ".values-row"),
    "facet-event": Screen(f"/facets/event/?{QUERY}", "#values .row"),
    "facets": Screen(f"/facets/?{QUERY}", ".filters-form"),
}
#: All else for them.
PAGES = {
    "article": Screen("/search/", ".article-text", (FIRST,)),
    "article-unfolded": Screen(RESULTS, "#cite-ar", (FIRST,), unfolds="main details > summary"),
    "article-marks": Screen(RESULTS, "mark:target + .hit-nav", (FIRST,), unfolds=".found a[href*=hit]"),
    "article-original": Screen(
        f"/search/?q={quote('وجهاء درعا وساطة سوق الهال')}", ".original-text", (FIRST, ".text-tabs a[rel]")
    ),
    "article-english": Screen("/search/?q=lorries", ".article-text[lang=en], .article-text", (FIRST,)),
    "why": Screen(RESULTS, "#why", (".why-link",)),
    "story": Screen(RESULTS, ".story-versions", (".also a[href^='/stories/']",)),
    "comparison": Screen(RESULTS, ".differences-side", (".also a.quiet",)),
    "coverage": Screen("/coverage/", ".coverage-table"),
    "coverage-sources": Screen("/coverage/?by=source&year=2013", ".coverage-grid"),
    "coverage-cities": Screen("/coverage/?by=city", ".coverage-grid"),
    "export": Screen(f"/search/export/?{QUERY}", ".export-table"),
    "selection": Screen("/selection/", "#citations p:nth-child(2)"),
    "advanced": Screen(f"/search/advanced/?q={quote('حمص حلب -قافلة')}", ".advanced"),
    "help": Screen("/help/", ".help-table"),
    "about": Screen("/about/", "main h1"),
    "missing": Screen("/nowhere/", "main h1", status=404),
    "export-refused": Screen("/search/export.pdf", "main h1", status=404),
    "login": Screen("/login/", "#password"),
    "login-desk": Screen("/admin/login/", "#id_password"),
}
NEWEST, OLDEST = "#result_list tbody tr:first-child th a", "#result_list tbody tr:last-child th a"
#: For who is logged in; the newest import waits for a decision.
DESK = {
    "results-logged-in": Screen(RESULTS, ".menu-save", unfolds=".menus .menu:last-child > summary"),
    "article-staff": Screen(RESULTS, ".staff", (FIRST,)),
    "saved": Screen("/saved/", ".saved li"),
    "tokens": Screen("/tokens/", "#name"),
    "report": Screen(RESULTS, ".report textarea", (FIRST, "a[href*='/report/']")),
    "desk": Screen("/admin/", "#content"),
    "upload": Screen("/admin/articles/importbatch/upload/", ".desk-form"),
    "preview": Screen("/admin/articles/importbatch/", ".desk-columns select", (NEWEST,)),
    "batch": Screen("/admin/articles/importbatch/", ".desk-rows", (OLDEST,)),
    "imports": Screen("/admin/articles/importbatch/", "#result_list"),
    "guide": Screen("/admin/guide/", ".guide"),
    "review": Screen("/admin/articles/inference/review/", "[data-fact]"),
    "articles": Screen("/admin/articles/article/", "#result_list"),
    "article-form": Screen("/admin/articles/article/", "#id_title", (NEWEST,)),
}
