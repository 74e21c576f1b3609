"""Addresses that mail no longer goes to: those that bounced, and people who complained."""
