"""By what members are found: parts of their names, the end of their number, the beginning of their address."""
