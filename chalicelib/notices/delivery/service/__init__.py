"""How messages leave: to addresses, to persons, again after a failure, and together after they were held."""
