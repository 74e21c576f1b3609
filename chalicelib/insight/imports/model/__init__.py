"""What an import is, what the columns of its files hold, and what their rows come to. Pure."""
