"""What a rollup is."""

from chalicelib.jobs.model import Kind

NIGHT_OVER = "night.over"
"""Every day before the tenant's running one is rolled up."""

ROLLUP = Kind("rollup", "rollup.continue", "rollup")
"""Days that are rolled up again, and the months that they lie in."""
