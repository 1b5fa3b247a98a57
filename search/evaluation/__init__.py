"""Measurement of search quality: temporary indexes, match cases, query sets, reports."""
