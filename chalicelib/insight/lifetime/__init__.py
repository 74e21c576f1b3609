"""Results of fitting models of what members will bring, as they are kept."""
