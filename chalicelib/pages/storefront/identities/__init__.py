"""What members sign in with, and how they change it."""
