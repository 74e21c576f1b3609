"""What stands in the DNS, asked of the resolver that the function has."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.own_domains.errors import DnsAway
from chalicelib.own_domains.model.hosts import mark_of
from chalicelib.own_domains.model.states import Seen
from chalicelib.settings import settings

if TYPE_CHECKING:
    from dns.resolver import Answer, Resolver

_SECONDS = 3.0
"""For each question, of which a look asks four at most: together less than a request may take."""


def look(host: str, target: str) -> Seen:
    """The texts at the host's mark, and whether it leads to ``target``. Raises DnsAway where nobody answers."""
    resolver = _resolver()
    return Seen(_texts(resolver, mark_of(host)), _leads(resolver, host, target))


def _resolver() -> Resolver:
    # Imported here: of all routes one asks the DNS.
    from dns.resolver import Resolver

    server = settings().dns_server
    resolver = Resolver(configure=not server)
    if server:
        address, _, port = server.rpartition(":")
        resolver.nameservers, resolver.port = [address], int(port)
    resolver.lifetime = _SECONDS
    return resolver


def _ask(resolver: Resolver, name: str, kind: str) -> Answer | None:
    """The answer; None where the name, or what was asked of it, does not exist."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    try:
        return resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
    except (NXDOMAIN, NoAnswer):
        return None
    except DNSException as fault:
        raise DnsAway(
            "The servers of this domain did not answer; try again in some minutes.",
            detail_zh="该域名的 DNS 服务器没有响应，请几分钟后重试。",
            retry_after=60,
        ) from fault


def _texts(resolver: Resolver, name: str) -> frozenset[str]:
    found = _ask(resolver, name, "TXT")
    if found is None or found.rrset is None:
        return frozenset()
    return frozenset(b"".join(each.strings).decode("ascii", "replace").strip() for each in found.rrset)


def _leads(resolver: Resolver, host: str, target: str) -> bool:
    """Whether the host's names lead to the target's, or, where a provider writes addresses in place of a name (ALIAS,
    flattened CNAME), its addresses are among the target's.
    """
    found = _ask(resolver, host, "A")
    if found is None:
        return _names(resolver, host, target)
    chain = {str(each.name).rstrip(".").lower() for each in found.chaining_result.cnames}
    chain |= {str(link.target).rstrip(".").lower() for each in found.chaining_result.cnames for link in each}
    if target.lower() in chain:
        return True
    ours = _addresses(resolver, target)
    return bool(ours) and found.rrset is not None and {each.address for each in found.rrset} <= ours


def _names(resolver: Resolver, host: str, target: str) -> bool:
    """As the record itself says, where what it leads to has no address here."""
    found = _ask(resolver, host, "CNAME")
    if found is None or found.rrset is None:
        return False
    return target.lower() in {str(each.target).rstrip(".").lower() for each in found.rrset}


def _addresses(resolver: Resolver, target: str) -> frozenset[str]:
    with suppress(DnsAway):
        found = _ask(resolver, target, "A")
        if found is not None and found.rrset is not None:
            return frozenset(each.address for each in found.rrset)
    return frozenset()
