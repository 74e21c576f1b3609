"""When what can wait may arrive: quiet hours, caps and digests."""
