"""Birthdays of a brand's members: found by their day, announced once a year in the brand's morning."""
