"""Arabic language analysis for search: normalization, tokens, morphology, spelling, names, places and dates.

Pure Python: it imports neither Django nor a database driver nor a search engine. `arabic.analyzer` is the
entry point for indexing and queries.
"""
