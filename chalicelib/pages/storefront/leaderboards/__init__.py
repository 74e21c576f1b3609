"""The pages of leaderboards with a member's own place, and of who has won awards."""
