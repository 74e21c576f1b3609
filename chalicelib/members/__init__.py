"""Shoppers of a tenant: who they are, how they sign in, and the dense numbers that analytics counts them by."""
