"""What a notice says, in the brand's own words or else in ours."""
