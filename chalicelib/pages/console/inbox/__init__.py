"""What one of the team was told, and how they want to be told."""
