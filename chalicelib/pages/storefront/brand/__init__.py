"""Who the brand is, and what it says by law."""
