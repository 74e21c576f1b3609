"""The rules, one file each. Pure."""
