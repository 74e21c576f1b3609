"""The shop that a neighbour uses on a phone, in the brand's dress."""
