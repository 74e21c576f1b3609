"""The list of a leader's chat group: pasted, looked at, and placed at their pickup point."""
