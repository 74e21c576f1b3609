"""What is compared, and with what."""
