"""Experiments, as the team sets them up and reads them."""
