"""Giving a member's money back."""
