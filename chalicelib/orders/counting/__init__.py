"""What a campaign's orders come to."""
