"""What programs of a brand are told: the domains' events as public ones, each with the state of what it is about."""
