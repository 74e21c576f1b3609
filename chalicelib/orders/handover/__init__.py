"""Handing orders over at the pickup point, and money there."""
