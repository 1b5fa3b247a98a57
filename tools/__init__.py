"""Helpers of development and CI: real servers, checks, table makers. Nothing here runs in production."""
