"""The embedded stack: the whole product on one machine, from one command. Never part of the deployed package."""
