"""Reports that come by e-mail, at the brand's wall time."""
