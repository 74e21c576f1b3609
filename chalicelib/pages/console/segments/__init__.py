"""Segments: a rule put together from conditions, a list of members, who is in it and why, and the tags of members."""
