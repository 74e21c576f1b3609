"""What is stored, with its keys."""
