"""The doors for readers: pages, API, suggestions and health, each a request in and a response out."""
