"""Where the brand's events are sent to, and what became of each."""
