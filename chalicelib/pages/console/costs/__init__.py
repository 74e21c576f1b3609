"""Costs that the brand books, as the team keeps them."""
