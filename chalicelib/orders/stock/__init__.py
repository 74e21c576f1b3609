"""Taking an order's units from the stock buckets, and giving them back."""
