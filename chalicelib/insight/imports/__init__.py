"""Imports of files of orders, members and products, worked off in the background, and their undoing."""
