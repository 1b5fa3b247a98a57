"""Addresses of the readers' pages. They are a public interface and must not change."""

from django.urls import path

from search.web import facet_page, health, views
from search.web.accounts import login_pages, report_pages, saved_search_pages, token_pages
from search.web.advanced_page import advanced
from search.web.article_pages import article_page, original_file, story_page
from search.web.citation.citation_views import cite
from search.web.coverage_page import coverage
from search.web.discovery import descriptors
from search.web.discovery.search_feed import search_feed
from search.web.exports.export_views import export_file, export_page
from search.web.monitoring.metrics_page import metrics
from search.web.result_views import context_export_pages
from search.web.result_views.table_download import view_table
from search.web.selection.selection_views import selection, selection_file
from search.web.suggest_api import suggestions

app_name = "search"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.results, name="results"),
    path("search/advanced/", advanced, name="advanced"),
    path("search/feed.atom", search_feed, name="feed"),
    path("search/view.csv", view_table, name="view_table"),
    path("search/export/", export_page, name="export"),
    path("search/export.<slug:name>", export_file, name="export_file"),
    path("selection/", selection, name="selection"),
    path("selection/export.<slug:name>", selection_file, name="selection_file"),
    path("search/context/", context_export_pages.export_list, name="context_exports"),
    path("search/context/start/", context_export_pages.start_export, name="start_context_export"),
    path("search/context/<int:number>/", context_export_pages.export_page, name="context_export"),
    path(
        "search/context/<int:number>/table.csv",
        context_export_pages.download_export,
        name="context_export_table",
    ),
    path(
        "search/context/<int:number>/delete/",
        context_export_pages.delete_export,
        name="delete_context_export",
    ),
    path("articles/<int:article_id>/", article_page.article, name="article"),
    path("articles/<int:article_id>/cite.<slug:name>", cite, name="cite"),
    path("articles/<int:article_id>/compare/<int:other_id>/", article_page.compare, name="compare"),
    path("articles/<int:article_id>/why/", views.why, name="why"),
    path("articles/<int:article_id>/file/", original_file.original_file, name="original_file"),
    path("stories/<int:story_id>/", story_page.story, name="story"),
    path("articles/<int:article_id>/report/", report_pages.report_page, name="report"),
    path("login/", login_pages.ReaderLogin.as_view(), name="login"),
    path("login/code/", login_pages.login_code, name="login_code"),
    path("logout/", login_pages.ReaderLogout.as_view(), name="logout"),
    path("saved/", saved_search_pages.saved_list, name="saved_searches"),
    path("saved/save/", saved_search_pages.save_search, name="save_search"),
    path("saved/<int:number>/", saved_search_pages.open_saved, name="open_saved"),
    path("saved/<int:number>/rename/", saved_search_pages.rename_saved, name="rename_saved"),
    path("saved/<int:number>/delete/", saved_search_pages.delete_saved, name="delete_saved"),
    path("tokens/", token_pages.token_list, name="tokens"),
    path("tokens/<int:number>/revoke/", token_pages.revoke, name="revoke_token"),
    path("facets/", facet_page.filters, name="filters"),
    path("facets/<str:name>/", facet_page.facet, name="facet"),
    path("suggest/", suggestions, name="suggest"),
    path("suggest/opensearch.json", descriptors.opensearch_suggestions, name="opensearch_suggestions"),
    path("opensearch.xml", descriptors.opensearch_descriptor, name="opensearch"),
    path("robots.txt", descriptors.robots, name="robots"),
    path("sitemap.xml", descriptors.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", descriptors.sitemap_page, name="sitemap_page"),
    path("coverage/", coverage, name="coverage"),
    path("about/", views.about, name="about"),
    path("help/", views.search_help, name="help"),
    path("metrics", metrics, name="metrics"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
]
