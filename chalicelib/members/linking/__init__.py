"""One person, one member: what a brand names is matched to people who sign in, and two members become one."""
