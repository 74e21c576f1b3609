"""How often something may be done: budgets that strangers cannot pass and other people do not notice."""
