"""Changing an order until the cutoff."""
