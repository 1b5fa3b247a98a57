"""What a text says of itself: its title, who wrote it, which agency sent it, from where. Pure: a text in,
guesses out, each with a confidence and its spot. `articles/metadata/inference.py` decides what is used."""
