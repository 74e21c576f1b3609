"""Who the members are, by what they said of themselves and agreed to: bits, kept without reading all members."""
