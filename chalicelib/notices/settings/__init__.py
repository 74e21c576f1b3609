"""What a brand decides about its messages: media, hours, caps, prices, and its official account."""
