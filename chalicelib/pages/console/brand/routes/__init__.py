"""The pages of the brand."""
