"""What an export is. Pure."""

from typing import Literal

from chalicelib.jobs.model import Kind

EXPORT = Kind("order_export", "export.continue", "imports")
"""A file of all orders that a filter matches."""

MOST_ROWS = 50_000
"""Rows of one file, a line of an order each: what a worker writes as a workbook well within its time."""

TableFormat = Literal["csv", "xlsx"]
"""The kinds of file that an export may be."""
