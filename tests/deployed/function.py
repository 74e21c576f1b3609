"""Starts a function's process in a network in which one host of the internet is a server of the proof; no other exists.

The engine's worker script is the first argument. Run with `-I -S`: what the function imports comes from its zip or
from the standard library, so a dependency that the zip lacks is missing here as it would be in Lambda.
"""

import os
import runpy
import socket
import ssl
import sys
from typing import Any

HOST = os.environ.pop("ELSEWHERE_HOST")
PORT = int(os.environ.pop("ELSEWHERE_PORT"))
CERTIFICATE = os.environ.pop("ELSEWHERE_CERTIFICATE")

resolve, trust = socket.getaddrinfo, ssl.SSLContext.load_verify_locations


def resolve_here(host: Any, port: Any, *more: Any, **options: Any) -> Any:
    """As DNS would answer: the one host is on this machine, others are unknown."""
    if host == HOST:
        return resolve("127.0.0.1", PORT, *more, **options)
    if host not in ("127.0.0.1", "localhost"):
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is not in this network")
    return resolve(host, port, *more, **options)


def trust_here(context: ssl.SSLContext, *more: Any, **options: Any) -> None:
    """Trusts the host's certificate beside the authorities that the function names."""
    trust(context, *more, **options)
    trust(context, CERTIFICATE)


if __name__ == "__main__":
    socket.getaddrinfo = resolve_here
    ssl.SSLContext.load_verify_locations = trust_here  # type: ignore[method-assign]
    del sys.argv[0]
    sys.path.insert(0, os.path.dirname(sys.argv[0]))  # noqa: PTH120 - as Python does for a script
    runpy.run_path(sys.argv[0], run_name="__main__")
