"""Readers of page images: read by OCR (`articles.readers.ocr`)."""
