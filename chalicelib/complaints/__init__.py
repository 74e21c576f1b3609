"""Complaints: judged, owned, due, escalated, answered."""
