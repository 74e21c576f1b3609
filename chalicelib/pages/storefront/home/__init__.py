"""The shop's first page: what can be ordered now, what is coming, what was."""
