"""What neighbours said, and what became better since (你说我改)."""
