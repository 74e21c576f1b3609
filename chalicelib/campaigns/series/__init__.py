"""Recurring campaigns."""
