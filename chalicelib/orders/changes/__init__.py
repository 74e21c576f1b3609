"""What changes in an order after it was placed: by its member, and the record of it."""
