"""Hands notices over to the queue that brings them to people, once for each cause and person."""
