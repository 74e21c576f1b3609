"""Surveys: written, sent after the pickup, read as figures and as answers."""
