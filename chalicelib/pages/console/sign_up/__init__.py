"""Signing up: from a name and an e-mail address to a shop that is live."""
