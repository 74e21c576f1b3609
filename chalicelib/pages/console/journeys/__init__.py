"""Journeys at the console."""
