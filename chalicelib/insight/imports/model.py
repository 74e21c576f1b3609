"""What an import is."""

from chalicelib.jobs.model import Kind

ORDERS = Kind("orders", "import.continue", "imports")
"""A file of orders."""
