"""What a basket costs, and why."""
