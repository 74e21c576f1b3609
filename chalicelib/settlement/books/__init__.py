"""The books: accounts, journals, balances."""
