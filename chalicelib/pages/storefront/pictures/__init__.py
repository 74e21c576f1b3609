"""The pictures that a shop has of its own, each under an address that stays."""
