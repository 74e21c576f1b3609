"""What an export is. Pure."""

from chalicelib.jobs.model import Kind

EXPORT = Kind("order_export", "export.continue", "imports")
"""A file of all orders that a filter matches."""

MOST_ORDERS = 50_000
"""Orders of one file: what a worker writes as a workbook well within its time."""
