"""What a leader sees of their own pickup points."""
