"""Coupons: a member's right to a discount, from batches that a brand hands out by code or grants."""
