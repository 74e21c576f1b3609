"""Segments: members whom a brand treats alike, by a rule or by a list, and the tags that they carry."""
