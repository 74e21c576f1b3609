"""What a brand gives its members for coming back: points that they earn and spend, and tiers that they rise to."""
