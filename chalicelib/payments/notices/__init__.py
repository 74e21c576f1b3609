"""What the people who run a store are told of its payments."""
