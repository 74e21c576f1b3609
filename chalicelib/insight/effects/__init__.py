"""What promotions, coupons, points and tiers cost, and what they brought: counted as orders and points change."""
