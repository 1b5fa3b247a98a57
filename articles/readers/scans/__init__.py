"""Readers of page images: text recognition (OCR) by `articles.readers.text_recognition`."""
