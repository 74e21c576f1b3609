"""The rules of the books: accounts, journals, where an order's money belongs, commission, statements. Pure."""
