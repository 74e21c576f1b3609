"""Costs that the brand books by hand, for what no order knows of: wages, rent, advertising, transport."""
