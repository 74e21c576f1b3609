"""Invoices: those that wait first, and one to be issued or voided."""
