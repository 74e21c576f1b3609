"""What an order takes of the budgets of promotions. What goes back follows from the order itself."""
