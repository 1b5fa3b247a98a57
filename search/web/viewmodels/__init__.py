"""Presentation of results on a page, in the API or on the command line: labels, links, sentences."""
