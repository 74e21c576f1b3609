"""What is prepared for the pages of group buys."""
