"""Experiments: who sees which variant, what came of it, and what may be said of that, once it is due."""
