"""Suggestions of members: assessed, adopted or declined, and told to whoever made them."""
