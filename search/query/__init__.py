"""From the text of a query to the tree of terms that the engines execute."""
