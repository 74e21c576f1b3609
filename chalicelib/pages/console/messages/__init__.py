"""What the brand's messages say, how they go out, what they cost, and whom they do not reach."""
