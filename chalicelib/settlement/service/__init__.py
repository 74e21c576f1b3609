"""Use cases of the books."""
