"""Data that a search reads besides the index: articles, names and the ids of names."""
