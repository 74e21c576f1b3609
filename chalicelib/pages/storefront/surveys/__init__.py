"""A survey, answered from the link in a message: half a minute, without signing in."""
