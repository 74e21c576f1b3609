"""Where orders are handed over, when, and who leads each place."""
