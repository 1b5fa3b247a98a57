"""The identity of a record across imports: its id, its address in one normal form, or its bytes."""
