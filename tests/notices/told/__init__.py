"""Who is told what: stories of neighbours and a brand, held to a table that was written by hand."""
