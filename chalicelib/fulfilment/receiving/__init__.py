"""Goods that come in: receipts, and what it means for orders when less comes than was ordered."""
