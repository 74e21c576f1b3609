"""Brings a notice to a person: by which medium, when, and once."""
