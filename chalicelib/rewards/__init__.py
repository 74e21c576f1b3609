"""What members earn by what they do in the shop: points and tiers follow orders and surveys."""
