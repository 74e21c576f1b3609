"""From an address as it is stored to the network addresses that may be connected to, checked anew at each attempt."""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from chalicelib.settings import settings
from chalicelib.webhooks.errors import TargetRefused
from chalicelib.webhooks.model.targets import Address, PublicTargets, Target, literal, refused

RESOLVE_SECONDS = 3.0


class Targets(Protocol):
    """Which targets are taken."""

    def parse(self, url: str, own_hosts: Sequence[str] = ()) -> Target:
        """The target that an address names. Raises TargetRefused."""

    def check(self, target: Target, addresses: Sequence[Address]) -> None:
        """Raises TargetRefused unless all addresses of the target may be connected to."""


class Unresolved(TargetRefused):
    """The host has no address, or its name servers do not answer."""

    reason = "not_resolved"


_targets: list[Targets] = [PublicTargets()]


def use_targets(targets: Targets) -> None:
    """Takes other targets than public ones; only the embedded stack and tests do so."""
    _targets[:] = [targets]


def reachable(url: str, *own_urls: str) -> tuple[Target, list[Address]]:
    """A target and the addresses of its host, every one of which may be connected to. Raises TargetRefused."""
    own_hosts = [host for each in (settings().public_url, *own_urls) if (host := urlsplit(each).hostname)]
    target = _targets[0].parse(url, own_hosts)
    own = literal(target.host)
    addresses = [own] if own else resolved(target.host)
    _targets[0].check(target, addresses)
    # A function of AWS has no way out by IPv6 unless its network is given one.
    return target, sorted(set(addresses), key=lambda each: each.version)


def resolved(host: str) -> list[Address]:
    """All addresses of a host. Raises Unresolved."""
    found: list[str] = []

    def look_up() -> None:
        try:
            answers = lookup(host)
        except (OSError, UnicodeError):
            return
        found.extend(answers)

    # The resolver has no time limit of its own, and a name server may take its time.
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(RESOLVE_SECONDS)
    if thread.is_alive() or not found:
        raise Unresolved.at(*_unresolved(host))
    return [ipaddress.ip_address(each.partition("%")[0]) for each in found]


def lookup(host: str) -> list[str]:
    """The addresses of a host as the machine's resolver gives them. Raises OSError."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def _unresolved(host: str) -> tuple[str, str, str]:
    fault = refused(
        f"'{host[:100]}' has no address in the public name system; check its spelling.",
        f"“{host[:100]}”无法解析，请检查拼写。",
    )
    return "/url", fault.detail, fault.detail_zh
