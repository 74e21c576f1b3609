"""What a campaign has brought, and its end in the books."""
