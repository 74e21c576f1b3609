"""The rules, one file for each matter. Pure."""
