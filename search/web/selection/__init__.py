"""The articles that a reader selected, kept in the session."""
