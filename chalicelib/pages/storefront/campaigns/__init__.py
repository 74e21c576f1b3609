"""A campaign as neighbours see it: how far it has come, what it offers, where it is handed over, and its terms."""
