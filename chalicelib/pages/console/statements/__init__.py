"""Statements: what leaders and suppliers are owed over some days, frozen, and paid."""
