"""What is taken from whoever does not pay in time, and when."""
