"""Ending one kind of messages from the link in one of them, without signing in."""
