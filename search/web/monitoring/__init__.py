"""What a monitor asks: whether the archive can serve, and how it does."""
