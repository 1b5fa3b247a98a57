"""From the database into an index: drained, rebuilt, checked, forgotten."""
