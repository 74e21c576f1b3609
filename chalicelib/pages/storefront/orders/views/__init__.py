"""What the pages show of orders beyond what the API shows."""
