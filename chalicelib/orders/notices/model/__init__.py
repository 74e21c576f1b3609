"""What members are told of their orders and their money, a file for each subject. Pure."""
