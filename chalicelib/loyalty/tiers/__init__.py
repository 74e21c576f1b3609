"""Tiers: by what members rise to them, how long they keep them, and what each is good for."""
