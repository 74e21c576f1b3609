"""Imports: files of earlier orders and members, sent, worked off in the background, and what was refused of them."""
