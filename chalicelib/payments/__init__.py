"""Money that comes in online and goes back: started once, settled by asking the provider, refunded exactly."""
