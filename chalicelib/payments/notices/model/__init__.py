"""What people are told of payments and of money that goes back, a file for each subject. Pure."""
