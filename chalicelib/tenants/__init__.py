"""Brands on the platform: sign-up, profile, staff, API keys and the audit log."""
