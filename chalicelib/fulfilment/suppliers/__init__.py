"""Whom the brand buys from, and on what terms."""
