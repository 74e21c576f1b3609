"""What a rollup is."""

from chalicelib.jobs.model import Kind

ROLLUP = Kind("rollup", "rollup.continue", "rollup")
"""Days that are rolled up again, and the months that they lie in."""
