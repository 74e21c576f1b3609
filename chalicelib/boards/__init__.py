"""Leaderboards of a week, a month or a campaign, and awards for those who lead them."""
