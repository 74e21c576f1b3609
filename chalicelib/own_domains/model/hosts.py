"""Which names can be a shop's own domain, and how each is written. Pure."""

import ipaddress
from collections.abc import Callable, Collection

import idna

from chalicelib.own_domains.errors import HostInvalid

LONGEST = 253
"""Characters of a name in the DNS (RFC 1035), without the last dot."""

MARK = "_lintuan"
"""The label below which the proof of ownership stands."""

_NOT_OUTSIDE = frozenset(
    {"alt", "arpa", "example", "internal", "invalid", "lan", "local", "localhost", "onion", "test"}
)
"""Last labels that never lead anywhere on the internet (RFC 6761, 6762, 7686, 9476)."""

SuffixOf = Callable[[str], str | None]
"""The public suffix of a name, such as ``co.uk``; None where its last label is no one's."""


def normalised(typed: str, ours: Collection[str], suffix_of: SuffixOf, *, inside: bool = False) -> str:
    """The name as the DNS has it: lower case, ASCII. Raises HostInvalid, saying what to write instead.

    ``ours`` are hosts of the platform, which no shop can have, nor what stands below them. With ``inside``, as on the
    embedded stack, a name may end in ``localhost``.
    """
    text = typed.strip()
    _check_bare(text)
    host = _ascii(text.rstrip("."))
    labels = host.split(".")
    if any(host == each or host.endswith(f".{each}") for each in ours):
        raise _refused(
            "This name is ours; write one that you bought yourself, such as shop.your-brand.com.",
            "这是平台的域名，请填写您自己购买的域名，例如 shop.your-brand.com。",
        )
    if inside and labels[-1] == "localhost" and len(labels) > 1:
        return host
    if len(labels) < 2:
        raise _refused(
            "Write the whole name with its ending, such as shop.your-brand.com.",
            "请填写完整域名，例如 shop.your-brand.com。",
        )
    _check_outside(host, labels[-1], suffix_of)
    return host


def _check_bare(text: str) -> None:
    if not text:
        raise _refused("Write a name such as shop.your-brand.com.", "请填写域名，例如 shop.your-brand.com。")
    if _is_address(text):
        raise _refused(
            "This is the number of a computer; write a name such as shop.your-brand.com.",
            "这是 IP 地址，请填写域名，例如 shop.your-brand.com。",
        )
    if "://" in text or not {*"/?#@\\"}.isdisjoint(text):
        raise _refused(
            "Write the name alone, without https:// before it and without a path behind it.",
            "请只填写域名，不含 https:// 和路径。",
        )
    if ":" in text:
        raise _refused("Write the name without a port.", "请只填写域名，不含端口。")
    if "*" in text:
        raise _refused("Name one domain; a * stands for many.", "请填写一个具体域名，不支持通配符 *。")


def _is_address(text: str) -> bool:
    """Also with brackets or a port, and as one number, which browsers read as an address."""
    bare = text.strip("[]") if text.startswith("[") else text.rpartition(":")[0] if text.count(":") == 1 else text
    bare = bare.split("]")[0]
    if bare.replace(".", "").isdecimal():
        return True
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


def _ascii(text: str) -> str:
    try:
        host = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError as fault:
        raise _refused(
            "This is no name of the DNS: use letters, digits and hyphens, with single dots between its parts.",
            "域名格式不正确：请使用字母、数字和连字符，各部分用一个点分隔。",
        ) from fault
    if len(f"{MARK}.{host}") > LONGEST:
        raise _refused("This name is too long; choose a shorter one.", "域名过长，请换一个较短的域名。")
    return host


def _check_outside(host: str, last: str, suffix_of: SuffixOf) -> None:
    suffix = None if last in _NOT_OUTSIDE else suffix_of(host)
    if suffix is None:
        raise _refused(
            f"No name on the internet ends in .{last}; look how yours is written.",
            f"互联网上没有以 .{last} 结尾的域名，请核对。",
        )
    if suffix == host:
        raise _refused(
            f"{shown(host)} belongs to everybody who has a name below it; write yours, such as shop.{shown(host)}.",
            f"{shown(host)} 是公共后缀，请填写其下属于您的域名，例如 shop.{shown(host)}。",
        )


def _refused(message: str, message_zh: str) -> HostInvalid:
    return HostInvalid.at("/host", message, message_zh)


def shown(host: str) -> str:
    """The name as people read it: ``xn--…`` in its own letters."""
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def mark_of(host: str) -> str:
    """Where the proof of ownership of a host stands."""
    return f"{MARK}.{host}"
