"""Complaints as the team works on them: by due time, with an owner, to what came of them."""
