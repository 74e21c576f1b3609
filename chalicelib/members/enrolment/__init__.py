"""How members come into being."""
