"""The recount of all figures."""
