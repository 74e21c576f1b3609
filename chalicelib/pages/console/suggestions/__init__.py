"""Suggestions as the team works on them: assessed, grouped, adopted or declined, and done."""
