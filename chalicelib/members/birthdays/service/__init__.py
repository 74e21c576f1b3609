"""Use cases of birthdays: where they stand, and the mornings on which they are announced."""
