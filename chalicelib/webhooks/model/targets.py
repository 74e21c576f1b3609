"""Where webhooks may be sent: to public https addresses, whichever way an address is spelled. Pure.

Whoever may name an address could otherwise have the product ask what only it can reach: its own network, the metadata
of the machine it runs on, other people's routers.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.webhooks.errors import TargetRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORT = 443
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
_LEADS_ELSEWHERE = tuple(
    ipaddress.ip_network(each)
    for each in ("2002::/16", "2001::/32", "2001:10::/28", "2001:20::/28", "3fff::/20", "192.88.99.0/24")
)
"""Addresses of the public range that stand for another one, which may be private (6to4, Teredo and its relays), or for
none. Those of IPv4 inside IPv6, NAT64 among them, lie outside 2000::/3.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the host as it is asked for in the name system and in the certificate, and the path."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address in its one spelling."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = PORT if self.scheme == "https" else 80
        return f"{self.scheme}://{host}{'' if self.port == usual else f':{self.port}'}{self.path}"


class PublicTargets:
    """The rules of the deployed product. ``own_hosts`` are those under which it is reached itself."""

    def parse(self, url: str, own_hosts: Sequence[str] = ()) -> Target:
        """The target that an address names. Raises TargetRefused."""
        target = parsed(url)
        if target.scheme != "https":
            raise refused("Use an address that begins with https://.", "请使用 https:// 开头的地址。")
        if target.port != PORT:
            raise refused(
                f"Use port {PORT}, which https has anyway; leave the port out.", "仅支持 443 端口，请勿填写端口。"
            )
        address = literal(target.host)
        if address is not None and not is_public(address):
            raise not_public(target.host)
        if address is None and "." not in target.host:
            raise not_public(target.host)
        if target.host in own_hosts:
            raise refused(
                "Name an address of your own, not one of this service.", "请填写您自己的地址，而不是本服务的地址。"
            )
        return target

    def check(self, target: Target, addresses: Sequence[Address]) -> None:
        """Refuses a host of whose addresses any is not public. Raises TargetRefused."""
        if not addresses or not all(is_public(each) for each in addresses):
            raise not_public(target.host)


def parsed(url: str) -> Target:
    """The parts of an address, whichever scheme and port it has. Raises TargetRefused for what cannot be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise unreadable() from fault
    if "\\" in url or any(each.isspace() or not each.isprintable() for each in url):
        raise unreadable()
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise refused("Use a full address that begins with https://.", "请填写以 https:// 开头的完整地址。")
    if "[" in parts.netloc and ":" not in parts.hostname:
        raise unreadable()
    if "@" in parts.netloc:
        raise refused(
            "Leave user name and password out of the address: requests are signed instead.",
            "地址中不能包含用户名和密码：请求以签名验证。",
        )
    if parts.fragment or url.endswith("#"):
        raise refused("Leave out what follows the # sign.", "请去掉地址中 # 及其后的部分。")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if _UNPRINTABLE.search(path):
        raise refused("Percent-encode the path of the address.", "请对地址的路径部分进行百分号编码。")
    return Target(parts.scheme, normal(parts.hostname), port or (PORT if parts.scheme == "https" else 80), path)


def normal(host: str) -> str:
    """The one spelling of a host: international names in ASCII (IDNA 2008 after UTS 46), no dot at the end, addresses
    of numbers as they are usually written. Raises TargetRefused.
    """
    if ":" in host:
        return str(_ipv6(host))
    name = _ascii(host).removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(each) for each in labels):
        raise unreadable()
    if not _NUMBER.fullmatch(labels[-1]):
        return name
    try:
        # As every resolver reads it: decimal, octal, hexadecimal, of fewer than four numbers.
        return str(ipaddress.IPv4Address(socket.inet_aton(name)))
    except OSError as fault:
        raise unreadable() from fault


def literal(host: str) -> Address | None:
    """The address that a normal host is, or None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, and stands for no other address."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return False
    if any(address.version == each.version and address in each for each in _LEADS_ELSEWHERE):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def refused(detail: str, detail_zh: str) -> TargetRefused:
    """The refusal of an address as it is written."""
    return TargetRefused.at("/url", detail, detail_zh)


def not_public(host: str) -> TargetRefused:
    """The refusal of a host that is not of the public network."""
    return refused(
        f"'{host[:100]}' is not an address of the public network; name a host that anybody can reach.",
        f"“{host[:100]}”不是公网地址，请填写可从公网访问的主机。",
    )


def unreadable() -> TargetRefused:
    """The refusal of what is no address."""
    return refused(
        "This cannot be read as an address; write one such as https://erp.example.com/hooks.",
        "无法识别该地址，请填写如 https://erp.example.com/hooks 的地址。",
    )


def _ipv6(host: str) -> ipaddress.IPv6Address:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as fault:
        raise unreadable() from fault
    if address.scope_id is not None:
        raise not_public(host)
    return address


def _ascii(host: str) -> str:
    """A host's name in ASCII. Digits and dots of other scripts become those that a resolver would read in them."""
    if host.isascii():
        return host.lower()
    import idna  # its tables take milliseconds, which only whoever names such a host should pay

    try:
        folded = idna.uts46_remap(host)
        return folded if folded.isascii() else idna.encode(folded).decode().lower()
    except idna.IDNAError as fault:
        raise unreadable() from fault
