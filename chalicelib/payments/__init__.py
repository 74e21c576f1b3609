"""Money that comes in online and goes back: started once, reconciled by asking the provider, refunded exactly."""
