"""What surveys and invitations answer."""
