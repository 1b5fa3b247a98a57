"""What the texts of the hits hold around the searched words: lines of context, and lists of words."""
