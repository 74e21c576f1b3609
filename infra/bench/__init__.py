"""The numbers the product is held to, measured on this machine."""
