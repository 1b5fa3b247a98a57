"""From a search request to a page of results: hits in order, facets, highlights and explanations."""
