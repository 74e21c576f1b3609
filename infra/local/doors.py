"""Who may use the pages of this machine: programs and people here, and no web page from elsewhere.

A browser on this machine reaches 127.0.0.1 for any page it shows. Such a page must neither press what is here
(cross-site requests) nor read it under a name of its own that it lets point here (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from infra.local.gateway import Reply, Request, problem


def refusal(request: Request) -> Reply | None:
    """403 for a request under another host's name or from a page of another origin; None lets it pass.

    A program that names no origin, such as curl, may pass: only browsers are led by strangers.
    """
    host, origin = request.header("Host"), request.header("Origin")
    if not _is_loopback(host):
        detail = f"This is only for this machine: ask for it as 127.0.0.1 or localhost, not as '{host[:100]}'."
        return problem(403, "foreign_host", "Not for this host name", detail, request.request_id)
    if origin and origin.lower() != f"http://{host.lower()}":
        detail = f"A page of '{origin[:100]}' may not use this."
        return problem(403, "foreign_origin", "Not for pages of other origins", detail, request.request_id)
    return None


def _is_loopback(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.netloc != host or "@" in host:
        return False
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
