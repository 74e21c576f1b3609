"""How often an order may be tried to be paid."""
