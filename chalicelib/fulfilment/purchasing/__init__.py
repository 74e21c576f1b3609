"""What a locked campaign needs bought: frozen, versioned, by supplier, in packs."""
