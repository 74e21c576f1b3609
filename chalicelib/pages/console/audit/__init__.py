"""Who of the team changed what, in words."""
