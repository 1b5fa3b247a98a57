"""What an answer shows on a page, in the API or at the command line: labels, links, sentences."""
