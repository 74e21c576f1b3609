"""The pure part of insight: sets of members, a day's figures, cohorts, definitions and import rows."""
