"""Other queries than the one typed: suggestions, expansions, ways out; each counted before it is shown."""
