"""Returns, exchanges and repairs: asked for by members, decided and worked off by the team."""
