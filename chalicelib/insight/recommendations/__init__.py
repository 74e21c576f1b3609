"""What a member may want next, with the reason in words."""
