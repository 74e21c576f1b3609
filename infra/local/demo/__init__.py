"""The demo brand: real orders of a year, a shelf of real products, and how they are brought in."""
