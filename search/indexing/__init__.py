"""From the database into the index: the outbox consumer, rebuilds, verification, erasure."""
