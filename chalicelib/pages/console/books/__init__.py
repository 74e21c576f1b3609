"""The books: what became of all money, account by account, and the end of a group buy in them."""
