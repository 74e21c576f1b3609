"""Use cases of a brand's own domain."""
