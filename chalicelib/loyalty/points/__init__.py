"""Points: how they are earned, what they are worth, when they expire, and each member's ledger of them."""
