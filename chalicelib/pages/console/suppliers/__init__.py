"""Suppliers: whom the brand buys from, and on what terms for each SKU."""
