"""Use cases of personas."""
