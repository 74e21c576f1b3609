"""What the passing of days alone makes of members: another class, or so many days without an order."""
