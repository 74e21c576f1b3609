"""How members want to be told."""
