"""What a leader has to do: what comes, who still collects, money to pay out and to hand in."""
