"""Export of an article as evidence: a zip with original, cleaned text, provenance and hashes.

tools/verify_evidence.py checks it without this archive. See docs/decisions/0016-erasure-and-evidence.md.
"""
