"""Charts as pictures: drawn by a library, with what they are of said around them."""
