"""What a member wants, checked and priced."""
