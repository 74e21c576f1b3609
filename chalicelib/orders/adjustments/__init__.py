"""Taking units out of orders after the lock."""
