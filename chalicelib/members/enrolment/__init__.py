"""How members are made."""
