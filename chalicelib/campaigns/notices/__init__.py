"""What the team is told of campaigns and of their series."""
