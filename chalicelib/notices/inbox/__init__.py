"""What people were told, to be read in the product itself."""
