"""What lowered an order's price, line by line, as it was when the order was priced."""
