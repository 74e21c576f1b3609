"""Gifts for points at the console: what is given for how many, and what came of it."""
