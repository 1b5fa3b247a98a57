"""The views of a search beside the list of hits: words in context, time, comparison."""
