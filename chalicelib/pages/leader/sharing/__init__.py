"""What a leader passes on: a link of their own, and the group buys that are running."""
