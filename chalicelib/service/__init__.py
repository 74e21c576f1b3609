"""What happens after pickup: surveys, and complaints that always have an owner and a due time."""
