"""Pages of the supply of group buys."""
