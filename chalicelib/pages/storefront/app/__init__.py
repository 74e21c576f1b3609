"""The shop as an app of the phone: its name and icon there, and what it shows without a connection."""
