"""Pages of reports: those with a screen of their own, every other, and those that come by e-mail."""
