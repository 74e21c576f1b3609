"""The code against which an order is handed over."""
