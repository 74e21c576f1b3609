"""Products: the list, one with its SKUs, and the form that all of it is written in."""
