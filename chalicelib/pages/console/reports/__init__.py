"""Figures of a brand: what ranges of days came to, and who came back, as a chart and a table."""
