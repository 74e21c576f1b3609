"""What the console shows of orders beyond what the API shows."""
