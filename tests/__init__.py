"""Tests of the product, in the order of its packages."""

import os
from pathlib import Path

import pytest

# Before anything of the product is imported: its metrics would be printed between the tests' own lines.
os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"

# What helpers assert says what it compared, like the tests' own assertions.
pytest.register_assert_rewrite(*(f"tests.{each.stem}" for each in Path(__file__).parent.iterdir()))
