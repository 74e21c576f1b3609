"""Money that a brand gives back because it wants to: outside every window, with a reason, up to a cap by role."""
