"""What is owed to whom: the money ledger, commission, statements."""
