"""How the hits of a search are spread over time."""
