"""Pages of leaderboards, and of awards for those who lead them."""
