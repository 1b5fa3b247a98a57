"""What a search reads beside the index: articles, names and the ids behind them."""
