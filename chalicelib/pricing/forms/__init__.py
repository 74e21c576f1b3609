"""What the API takes of discounts and of prices."""
