"""Use cases of insight: imports, recording of orders, rollups, reports."""
