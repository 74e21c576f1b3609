"""Complaints: classified, owned, due, escalated once, resolved."""
