"""Orders as the brand's team works on them: found, read, changed for a member, handed over, paid back, placed."""
