"""An article as evidence: a zip with original, cleaned text, chain of custody and hashes, which
tools/verify_evidence.py checks without this archive. See docs/decisions/0016-erasure-and-evidence.md."""
