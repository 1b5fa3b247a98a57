"""Readers of page images (OCR): none yet. `articles.readers.registry` says what such a module declares."""
