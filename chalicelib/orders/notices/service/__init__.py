"""The use cases, a file for each subject."""
