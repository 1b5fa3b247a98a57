"""A whole archive, or the articles of a search, as a BagIt bag (RFC 8493) that an empty archive can load.

    data/archive.json          what the bag holds, and which release wrote it
    data/articles.jsonl        the published articles, one a line, for any program, and for import_articles
    data/originals/ab/ab12…    the bytes that the articles were read from, named by their SHA-256
    data/tables/*.jsonl        the rows of the archive: articles, revisions, imports, evidence, decisions
    data/pages.wacz            those of published articles that are web pages, for players of web archives

See docs/decisions/0059-bags.md.
"""
