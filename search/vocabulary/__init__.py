"""The words of this archive: counting, learning and storing them, and splitting run-together words."""
