"""What is due where a payment is missing: the provider is asked before anything is taken away."""
