"""Alternatives to the typed query, each counted before it is shown.

Completions, suggestions, expansions and relaxations.
"""
