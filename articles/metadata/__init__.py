"""Metadata extraction: title, byline, source, dateline and dates, predicted from the text of an article.

The predictors are pure functions from a text to predictions, each with a confidence and a span;
`inference.py` decides which of them fill a field.
"""
