"""Shared by the engine tests: generated archives and requests, and the contract in plain Python."""
