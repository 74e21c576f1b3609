"""The shop's answers to questions, and a member's own questions."""
