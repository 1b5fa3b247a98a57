"""The pages of one article and of one story."""
