"""Passwordless sign-in by a code."""
