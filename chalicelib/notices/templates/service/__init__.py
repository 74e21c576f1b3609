"""The use cases, one file each. What delivery needs is named here: letters to persons and addresses, and digests."""

from chalicelib.notices.templates.service.composing import compose, compose_for_address
from chalicelib.notices.templates.service.digests import digest

__all__ = ["compose", "compose_for_address", "digest"]
