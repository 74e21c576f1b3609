"""The pages of group buys: drafting them, and running them."""
