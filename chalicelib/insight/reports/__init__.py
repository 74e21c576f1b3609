"""Reports: from a query to its answer."""
