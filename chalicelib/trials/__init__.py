"""Trials: who is in which arm, and what may be said of the difference between two arms. Pure."""
