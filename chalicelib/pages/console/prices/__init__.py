"""Screens of prices over a product's life: what needs a look, a product's prices, the brand's rules of them."""
