"""From a question to a page of results: hits in order, facets, marks, and why each was found."""
