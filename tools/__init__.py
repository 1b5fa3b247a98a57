"""Helpers of development and CI: real servers, checks, the gazetteer's maker. Nothing here runs in production."""
