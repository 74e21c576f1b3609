"""Returning, exchanging and mending what was collected: asking with photos, and following what becomes of it."""
