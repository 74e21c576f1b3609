"""The rules of points. Pure."""
