"""A member's orders: the list, one with all that happened to it, changing it, cancelling it, ordering it once more."""
