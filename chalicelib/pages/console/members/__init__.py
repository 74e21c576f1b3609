"""The brand's members: found, looked at, helped, blocked."""
