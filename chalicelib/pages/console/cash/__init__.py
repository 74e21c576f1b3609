"""Cash: refunds that are still to be paid out, and what leaders have collected and not handed in yet."""
