"""Imports of order files, worked off in the background."""
