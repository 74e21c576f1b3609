"""What an export is. Pure."""

from typing import Literal

from chalicelib.jobs.model import Kind

EXPORT = Kind("order_export", "export.continue", "imports")
"""A file of all orders that a filter matches."""

MOST_ORDERS = 50_000
"""Orders of one file: what a worker writes as a workbook well within its time."""

TableFormat = Literal["csv", "xlsx"]
"""The kinds of file that an export may be."""
