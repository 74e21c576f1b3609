"""The events that are published, a file for each thing that they are about. Pure."""
