"""Use cases of personal invitations."""
