"""Bundles in orders: sold as one, handed over by part."""
