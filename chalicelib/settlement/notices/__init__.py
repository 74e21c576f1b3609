"""What leaders are told of their money."""
