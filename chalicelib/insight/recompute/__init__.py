"""The full recount: every stored figure against what its raw records come to, by other means than those it was made by."""
