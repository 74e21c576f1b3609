"""The use cases of invoices."""
