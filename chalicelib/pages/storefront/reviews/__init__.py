"""Reviewing what was collected, and reading what others say of a product."""
