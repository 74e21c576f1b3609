"""A brand names its domain and takes it off again. Whose a host is, is proved in ``checking``."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.own_domains.errors import DomainInUse, NotOffered
from chalicelib.own_domains.model.hosts import normalised, shown
from chalicelib.own_domains.model.states import Standing
from chalicelib.own_domains.records import RELEASED, HostClaim, OwnDomain
from chalicelib.own_domains.service.hosts import forget_hosts
from chalicelib.own_domains.service.suffixes import suffix_of
from chalicelib.settings import settings
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_OF_THE_NETWORK = ("amazonaws.com", "cloudfront.net")


def target() -> str:
    """The name that a brand's domain is pointed at. Raises NotOffered where there is none."""
    if not settings().edge_target:
        raise NotOffered(
            "Shops cannot have domains of their own here; yours stays at its address.",
            detail_zh="当前部署暂不支持自有域名，店铺地址保持不变。",
        )
    return settings().edge_target


def get_domain(tenant_id: str) -> OwnDomain | None:
    """The brand's domain as it stands; None where it has none."""
    found = OwnDomain.of(tenant_id, consistent=True)
    return found if found and found.host else None


def claim(tenant_id: str, typed: str, if_match: int | None, by: Principal, now: datetime) -> OwnDomain:
    """Names the brand's domain, which is proved afterwards; named again, nothing changes. Several may name one host.

    Raises HostInvalid; DomainInUse where the brand has another one that was proved; Stale.
    """
    host = normalised(typed, _ours(), suffix_of, inside=settings().local)

    def decide(found: OwnDomain | None, tx: Transaction) -> OwnDomain:
        domain = found or OwnDomain(*OwnDomain.address(tenant_id), rev=0)
        check_revision(domain, if_match)
        if domain.host == host:
            return domain
        if domain.host and domain.proved_at:
            raise DomainInUse(
                f"Your shop has {shown(domain.host)}. Take it off first, then name the new one.",
                detail_zh=f"店铺已绑定 {shown(domain.host)}，请先移除，再添加新域名。",
            )
        before, domain.host, domain.token = domain.host, host, f"lintuan-{secrets.token_hex(16)}"
        domain.claimed_at, domain.proved_at = now, None
        domain.stand(Standing("waiting_for_dns", "no_proof", now), now)
        domain.looked_at = None
        if found is None:
            domain.rev = 1
            tx.create("domain", domain)
        else:
            tx.replace("domain", domain)
        changes = {"host": {"from": before, "to": host}}
        audit(tx, tenant_id, by, "own_domain.claimed", f"tenant:{tenant_id}", now, changes)
        return domain

    return change(lambda: OwnDomain.of(tenant_id, consistent=True), decide)


def _ours() -> frozenset[str]:
    """The platform's own hosts. On a developer's machine ``localhost`` is everybody's."""
    own = {urlsplit(settings().public_url).hostname or "", target(), *_OF_THE_NETWORK}
    return frozenset(own - {"", "localhost"})


def release(tenant_id: str, if_match: int | None, by: Principal, now: datetime) -> None:
    """Takes the brand's domain off: it leads nowhere from now on, and whoever proves it next has it.

    Raises NotFound where there is none; Stale.
    """

    def decide(domain: OwnDomain | None, tx: Transaction) -> None:
        if domain is None or not domain.host:
            raise NotFound("Your shop has no domain of its own.", detail_zh="店铺没有绑定自有域名。")
        check_revision(domain, if_match)
        host = str(domain.host)
        held = HostClaim.of(host, consistent=True)
        if held is not None and held.tenant_id == tenant_id:
            tx.delete("host", HostClaim, *HostClaim.address(host), HostClaim.tenant_id == tenant_id)
        if domain.proved_at:
            domain.letting_go = [*(domain.letting_go or []), host]
        domain.host = domain.token = domain.status = domain.problem = None
        domain.since = domain.claimed_at = domain.proved_at = domain.looked_at = None
        domain.failed = 0
        domain.look_at(now if domain.letting_go else None)
        domain.emit(RELEASED, now, host=host)
        tx.replace("domain", domain)
        name_on_brand(tx, tenant_id, None)
        audit(
            tx, tenant_id, by, "own_domain.released", f"tenant:{tenant_id}", now, {"host": {"from": host, "to": None}}
        )

    change(lambda: OwnDomain.of(tenant_id, consistent=True), decide)
    brand_of.forget()
    forget_hosts()


def name_on_brand(tx: Transaction, tenant_id: str, host: str | None) -> None:
    """Has links and messages name the shop's domain, or its first address again."""
    tenant = get_tenant(tenant_id, consistent=True)
    if tenant.own_host != host:
        tenant.own_host = host
        tx.replace("tenant", tenant)
