"""What was changed in an order."""
