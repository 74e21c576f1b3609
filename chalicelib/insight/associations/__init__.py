"""Goods that are bought together, as they were found last."""
