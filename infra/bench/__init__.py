"""Measures what the product costs and compares it with the goals: `make bench`."""
