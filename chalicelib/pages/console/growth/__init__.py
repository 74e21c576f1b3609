"""What lowers prices, side by side: what it costs, brings, and has left; day by day; points and tiers."""
