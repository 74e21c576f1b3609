"""A member's inbox: what they were told, read and deleted."""
