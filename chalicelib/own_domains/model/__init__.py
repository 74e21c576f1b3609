"""The rules of a brand's own domain. Pure."""
