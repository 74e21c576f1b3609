"""Rules of scheduled reports: when they come, of which days, and what they say."""
