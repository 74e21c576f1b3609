"""Cash that leaders collected and hand in."""
