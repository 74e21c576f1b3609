"""Tests of the product, in the order of its packages."""

import os

# Before anything of the product is imported: its metrics would be printed between the tests' own lines.
os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"
