"""The tax that an order includes, as it stands, and what of it goes back."""
