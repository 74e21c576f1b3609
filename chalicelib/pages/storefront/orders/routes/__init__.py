"""The pages of a member's orders."""
