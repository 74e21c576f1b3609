"""What one member did and was told, across all that is theirs, by time."""
