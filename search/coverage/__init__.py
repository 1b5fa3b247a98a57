"""What the archive holds, counted in the database."""
