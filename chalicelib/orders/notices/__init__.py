"""What members are told of their orders."""
