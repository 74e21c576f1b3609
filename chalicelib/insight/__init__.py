"""Insight: imports, nightly rollups and the reports that say who stays."""
