"""What leaders are told of a campaign at their pickup points, and the team of goods that fall short."""
