"""News from a brand to its members."""
