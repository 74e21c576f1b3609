"""A member's points and tier: what they have, when it expires, how it came, and the daily check-in."""
