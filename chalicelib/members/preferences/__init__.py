"""What members and the team ask for about the messages that they get."""
