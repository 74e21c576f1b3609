"""The rules of cases: the business calendar, clocks, and who gets a case. Pure."""
