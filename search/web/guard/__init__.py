"""What protects the archive: traces of requests, logins, limits for strangers, headers."""
