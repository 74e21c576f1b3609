"""When a brand pays back what is returned, and how much its people may give back by goodwill."""
