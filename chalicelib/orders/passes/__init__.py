"""Passing over all orders of a campaign."""
