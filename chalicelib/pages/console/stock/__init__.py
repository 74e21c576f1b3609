"""Stock: what is on the shelf, one SKU's ledger, corrections and write-offs, and what a period did to all of it."""
