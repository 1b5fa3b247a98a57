"""The holdings of the archive, counted in the database."""
