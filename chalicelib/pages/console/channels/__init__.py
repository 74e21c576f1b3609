"""Channels: where people hear of the brand, each with a link of its own."""
