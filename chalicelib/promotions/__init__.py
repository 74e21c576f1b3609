"""What lowers a price for a time: which goods, for whom, by how much, and at most for how much money in all."""
