"""Other queries than the typed one, each counted before it is shown.

Completions, suggestions, expansions and relaxations.
"""
