"""How figures are drawn and said, and the forms of reports. Pure."""
