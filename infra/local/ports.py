"""Why a port of this machine cannot be had, said to the person who asked for it."""

from __future__ import annotations

import errno
import json
from http.client import HTTPException
from urllib.request import urlopen

_HEALTH_SECONDS = 2.0
_MOST_HEALTH_BYTES = 65_536


class PortTaken(RuntimeError):
    """The port cannot be had; the message says why, and how to choose another."""


def taken(port: int, fault: OSError) -> PortTaken:
    """What became of an attempt to listen on a port of 127.0.0.1."""
    return PortTaken(_why_not(port, fault))


def _why_not(port: int, fault: OSError) -> str:
    another = "make run PORT=8002" if port == 8001 else "make run PORT=8001"
    if fault.errno != errno.EADDRINUSE:
        return f"Port {port} of 127.0.0.1 cannot be used: {fault.strerror}. Choose another: {another}"
    if _is_ours(port):
        return (
            f"Lintuan already runs at http://127.0.0.1:{port}. Stop it with Ctrl-C there, or run another with data "
            f"of its own: {another} ARGS='--data /tmp/lintuan'"
        )
    return f"Port {port} of 127.0.0.1 is taken by another program. Choose another: {another}"


def _is_ours(port: int) -> bool:
    """Whether it is this product that answers there."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/local/health", timeout=_HEALTH_SECONDS) as answer:
            said = json.loads(answer.read(_MOST_HEALTH_BYTES))
    except (OSError, HTTPException, ValueError):
        return False
    return isinstance(said, dict) and {"ready", "pending", "dead_letters"} <= said.keys()
