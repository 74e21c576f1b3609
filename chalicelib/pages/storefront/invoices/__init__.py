"""The page of an order's invoice (发票): asked for, changed, followed."""
