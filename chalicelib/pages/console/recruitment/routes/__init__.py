"""Routes, one file for each matter."""
