"""What is to become better, by whom and until when, and how it is since."""
