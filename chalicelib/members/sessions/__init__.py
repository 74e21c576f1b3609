"""How long someone stays signed in, and how all their tokens end at once."""
