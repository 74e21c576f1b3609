"""The rules of tiers. Pure."""
