"""Suggesting something to the store, following what becomes of it, and what came of others' suggestions."""
