"""What the member keeps, waits for, and is told of."""
