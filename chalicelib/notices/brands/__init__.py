"""The brand that speaks, as the domain that keeps it has told."""
