"""What a promotion, or coupons, would have done to the real orders of a month."""
