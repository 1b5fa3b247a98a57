"""How articles get in: readers → cleaning → dating → placing → identity → saving, one pass, one record type.

`pipeline.run` is the whole way; every stage is a module that can be tested alone."""
