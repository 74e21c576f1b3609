"""How a campaign advances: opens, closes, is decided, wound up, and brought to its pickup points."""
