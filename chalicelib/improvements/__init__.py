"""What members said is not good, what is done about it, how it is since, and what of that is published (你说我改)."""
