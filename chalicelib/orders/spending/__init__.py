"""What an order takes of its member's own: a coupon, and points."""
