"""From the basket to an order: where it is handed over, how it is paid, and what it comes to."""
