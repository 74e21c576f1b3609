"""How the brand is doing, what changed, and what to do next, on one page."""
