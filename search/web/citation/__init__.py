"""Citations of articles: one CSL-JSON item, and the forms that are made of it."""
