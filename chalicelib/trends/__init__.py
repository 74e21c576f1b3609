"""What orders and campaigns come to for the prices of goods: units by SKU and day, and the prices that were asked."""
