"""HTTP routes of surveys: the team writes and sends them, reads what came of them, and members answer."""
