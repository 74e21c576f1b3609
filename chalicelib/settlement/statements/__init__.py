"""Statements of leaders and suppliers, and what they are paid."""
