"""How good the search is: throw-away indexes, test cases, sets of queries, reports."""
