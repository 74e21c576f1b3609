"""Where orders are handed over, and who leads each place."""
