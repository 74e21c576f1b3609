"""The page by which a member invites their neighbours."""
