"""Members leave the community, say why, and come back."""
