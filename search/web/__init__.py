"""HTTP: the readers' pages, the JSON API, suggestions and health checks."""
