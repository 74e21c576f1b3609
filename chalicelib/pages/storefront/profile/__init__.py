"""What members say of themselves, and what they agree to."""
