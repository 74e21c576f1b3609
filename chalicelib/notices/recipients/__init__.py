"""Whom a brand can tell something, and where each of them wants to hear it."""
