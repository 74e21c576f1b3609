"""Orders as they come in a chat group: the list is pasted, looked at, and placed."""
