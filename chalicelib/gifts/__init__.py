"""Gifts for points: what a brand gives for how many, and members who redeem them."""
