"""What members wait for, want to be told of, and keep, by product."""
