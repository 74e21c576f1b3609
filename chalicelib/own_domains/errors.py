"""How a domain is refused."""

from chalicelib.kernel.errors import Conflict, Invalid, Unavailable


class HostInvalid(Invalid):
    """This can be no shop's own domain."""

    code, title, title_zh = "host_invalid", "This cannot be your domain", "该域名不可用"


class HostHeld(Conflict):
    """Another shop has the domain, and still proves that it is theirs."""

    code, title, title_zh = "host_held", "Another shop uses this domain", "该域名正被其他店铺使用"


class DomainInUse(Conflict):
    """The brand has another domain, on which neighbours may be reading."""

    code, title, title_zh = "domain_in_use", "You have another domain", "已绑定其他域名"


class NotOffered(Conflict):
    """The platform as it is deployed here has no edge that could answer for brands' domains."""

    code, title, title_zh = "domains_not_offered", "Domains are not offered here", "暂不支持自有域名"


class DnsAway(Unavailable):
    """Nobody could be asked what stands in the DNS."""

    code, title, title_zh = "dns_away", "The DNS did not answer", "DNS 无响应"
