"""Addresses that a provider told us not to write to any more."""
