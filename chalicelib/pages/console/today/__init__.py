"""What is on today: the console's first page."""
