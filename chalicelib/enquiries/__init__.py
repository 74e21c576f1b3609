"""Enquiries: what members ask a brand, and what its FAQ, their order or the team answers."""
