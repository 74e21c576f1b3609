"""Complaining about an order, and following what becomes of it."""
