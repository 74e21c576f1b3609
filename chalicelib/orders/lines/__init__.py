"""The lines of an order, and what changes in them."""
