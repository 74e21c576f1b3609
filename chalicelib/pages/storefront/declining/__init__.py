"""The page by which who was invited asks for no more invitations."""
