"""Lists of orders as files, and all work that runs in the background."""
