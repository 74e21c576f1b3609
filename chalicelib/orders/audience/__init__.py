"""Whether a campaign is for a member."""
