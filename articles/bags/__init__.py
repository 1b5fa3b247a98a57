"""A whole archive, or the articles of a search, as a BagIt bag (RFC 8493) that an empty archive can load.

    data/archive.json          what the bag holds, and which release wrote it
    data/articles.jsonl        one article a line, to be read by any program, and by import_articles
    data/originals/ab/ab12…    the bytes that the articles were read from, named by their SHA-256
    data/tables/*.jsonl        the rows of the archive: articles, revisions, imports, evidence, decisions
    data/pages.wacz            the originals that are web pages, for players of web archives

See docs/decisions/0059-bags.md.
"""
