"""The list that a chat group passes on, as people paste and confirm it: what the console and leaders' pages share."""
