"""What an import is."""

from chalicelib.jobs.model import Kind

ORDERS = Kind("orders", "import.continue", "imports")
"""A file of orders."""

MEMBERS = Kind("members", "import.members", "imports")
"""A file of members."""

MOST_ERRORS = 100_000
"""With more bad rows than this the file is the wrong one, and the import ends."""
