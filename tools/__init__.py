"""Tools of development and CI: real servers, checks, table builders. Nothing here runs in production."""
