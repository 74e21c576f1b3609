"""Products, their SKUs and the stock a tenant holds of them."""
