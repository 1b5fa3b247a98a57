"""The words of this archive: counted, learned, kept, and what splits run-together ones."""
