"""The full recount: every stored figure against what its raw records come to, counted by other means."""
