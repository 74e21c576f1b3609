"""What of an order was sold."""
