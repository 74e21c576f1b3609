"""Points and tiers: the brand's rules, and what each member has."""
