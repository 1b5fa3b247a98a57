"""OCR: the text of page images, read by Tesseract where it is installed."""
