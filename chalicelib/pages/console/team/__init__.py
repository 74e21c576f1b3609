"""The people of the brand, and what each of them may do."""
