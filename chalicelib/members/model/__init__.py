"""The rules of membership."""
