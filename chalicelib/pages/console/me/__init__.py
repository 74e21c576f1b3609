"""The signed-in one of the team: their language, their sessions, and the way to all places."""
