"""The member at a glance: the ways to all that is theirs, the language, signing out."""
