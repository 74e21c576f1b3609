"""What a process remembers during a rush."""
