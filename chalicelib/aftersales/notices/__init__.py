"""What members and the team are told of after-sale cases."""
