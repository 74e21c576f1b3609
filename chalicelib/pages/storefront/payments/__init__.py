"""Paying an order: what is wanted, the way to the provider and back, and what became of it."""
