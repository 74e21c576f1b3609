"""Sorting sheets: who gets what where."""
