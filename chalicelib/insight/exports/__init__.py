"""Files of orders that are written in the background."""
