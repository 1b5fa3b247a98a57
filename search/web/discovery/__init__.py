"""How other programs find searches and articles: feeds, descriptors for browsers, sitemaps."""
