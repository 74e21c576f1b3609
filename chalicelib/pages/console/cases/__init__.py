"""After-sale as the team works on it: decided, taken back, paid back, closed."""
