"""Recruitment at the console: how the store is joined, invite codes, and applications."""
