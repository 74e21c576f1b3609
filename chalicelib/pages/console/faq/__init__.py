"""The FAQ, as the team writes it."""
