"""A member's purchase in a campaign: placed once, cancelled until the cutoff, handed over at the right point."""
