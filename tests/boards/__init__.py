"""Leaderboards and awards."""
