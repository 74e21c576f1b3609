"""How a campaign goes on: opens, closes, is decided, wound up, and brought to its pickup points."""
