"""Arabic for search: folding, tokens, levels of a word, names, dates.

Pure Python. Knows nothing of Django, of databases or of search engines.
"""
