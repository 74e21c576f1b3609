"""A team that neighbours are asked to join."""
