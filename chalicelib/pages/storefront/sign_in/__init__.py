"""Signing in with a code, and out."""
