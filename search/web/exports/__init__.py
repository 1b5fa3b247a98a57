"""Exports of all hits of a search, or of the selected articles, in every format."""
