"""Pages of orders in the console."""
