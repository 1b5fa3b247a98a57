"""Import of articles: read, sanitize, remove boilerplate, extract metadata, tag places and dates, load.

`pipeline.stage` runs all of it in one pass over one record type; every stage is a module of its own.
"""
