"""Whose a domain is, and whether it leads to us: looked at when somebody asks, and again and again by itself.

Every step reads how things stand, acts outside where that can be repeated, and writes what came of it for the revision
that was read. So a message that comes twice, or a step that landed without our hearing of it, changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.db import Transaction, change
from chalicelib.db.guard import tenant_scope
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.own_domains.errors import DnsAway, HostHeld
from chalicelib.own_domains.model.hosts import shown
from chalicelib.own_domains.model.states import Seen, Standing, after_certificate, after_look, problem_of
from chalicelib.own_domains.records import BROKEN, LIVE, LOST, PROVED, TAKEN, HostClaim, OwnDomain
from chalicelib.own_domains.service import dns, edge
from chalicelib.own_domains.service.claiming import name_on_brand, target
from chalicelib.own_domains.service.hosts import forget_hosts
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import take
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit

_AGAIN = timedelta(minutes=5)
"""Until an edge that was told to leave a host is asked again whether it has."""

Decide = Callable[[OwnDomain, Transaction], Standing]


def verify(tenant_id: str, by: Principal, now: datetime) -> OwnDomain:
    """Looks at the DNS for whoever waits for it, and takes down what was found.

    Raises NotFound where no domain is named, HostHeld where another shop still proves it, DnsAway, LimitReached.
    """
    domain = OwnDomain.of(tenant_id, consistent=True)
    if domain is None or not domain.host:
        raise NotFound("Name your domain first.", detail_zh="请先填写域名。")
    take([Budget.of("domain_looks_a_brand", tenant_id)], now)
    seen = dns.look(str(domain.host), target())
    found = _looked(tenant_id, domain, seen, now, by=by)
    if found.problem == "held":
        raise HostHeld(
            f"Another shop uses {shown(str(found.host))}, and its own proof still stands in the DNS. If the domain is "
            "yours, delete every other record at the name of ours, then check again.",
            detail_zh=f"{shown(str(found.host))} 正被其他店铺使用，其验证记录仍然存在。"
            "如域名归您所有，请删除该名称下的其他 TXT 记录后重新检测。",
        )
    return found


def bring_on(tenant_id: str, now: datetime) -> None:
    """Does whatever is next of a brand's domain: lets hosts go, looks at the DNS, has the edge lead to the shop."""
    domain = OwnDomain.of(tenant_id, consistent=True)
    if domain is None:
        return
    if domain.letting_go:
        domain = _let_go(tenant_id, now)
    if domain is None or not domain.host or domain.problem == "taken":
        return
    if domain.status != "waiting_for_certificate":
        daily = domain.status in ("live", "broken")
        try:
            seen = dns.look(str(domain.host), target())
        except DnsAway:
            _look_later(tenant_id, domain, now)
            return
        domain = _looked(tenant_id, domain, seen, now, daily=daily)
    if domain.status in ("waiting_for_certificate", "live"):
        _led(tenant_id, domain, now)


def _look_later(tenant_id: str, known: OwnDomain, now: datetime) -> None:
    """Nothing is known of the DNS as it stands: no brand is told that its domain is broken because of that."""

    def decide(domain: OwnDomain, tx: Transaction) -> Standing:
        domain.stand(domain.standing, now)
        tx.replace("domain", domain)
        return domain.standing

    _changed(tenant_id, str(known.host), known.token, decide)


def _looked(
    tenant_id: str, known: OwnDomain, seen: Seen, now: datetime, *, by: Principal | None = None, daily: bool = False
) -> OwnDomain:
    """What was seen in the DNS, taken down. A host that is proved is the brand's from then on, whoever had it; the
    audit log says who asked for the look, if anybody.
    """
    host, token = str(known.host), str(known.token)

    def decide(domain: OwnDomain, tx: Transaction) -> Standing:
        problem = problem_of(seen, token)
        taken_from = ""
        if problem in ("", "not_pointed"):
            held, taken_from = _hold(tx, domain, seen, now)
            problem = problem if held else "held"
        if len(tx) and by is not None:
            audit(tx, tenant_id, by, "own_domain.proved", f"tenant:{tenant_id}", now, {"host": host})
        before = domain.standing
        after = after_look(before, problem, now, daily=daily)
        domain.stand(after, now)
        _tell(tx, domain, before, now)
        if taken_from:
            domain.emit(TAKEN, now, host=host, tenant_id=taken_from)
        tx.replace("domain", domain)
        return after

    found = _changed(tenant_id, host, token, decide)
    return found or known


def _hold(tx: Transaction, domain: OwnDomain, seen: Seen, now: datetime) -> tuple[bool, str]:
    """Adds that the host is the brand's; answers whether it is, and whom it was taken from, if anybody."""
    host, tenant_id = str(domain.host), domain.tenant_id
    claim = HostClaim.of(host, consistent=True)
    if claim is not None and claim.tenant_id == tenant_id and claim.token == domain.token:
        return True, ""
    if claim is not None and claim.tenant_id != tenant_id and claim.token in seen.proofs:
        return False, ""
    domain.proved_at = now
    mine = claim or HostClaim(*HostClaim.address(host))
    lost = "" if claim is None or claim.tenant_id == tenant_id else str(claim.tenant_id)
    mine.tenant_id, mine.slug = tenant_id, brand_of(tenant_id).slug
    mine.token, mine.proved_at = str(domain.token), now
    if claim is None:
        tx.create("host", mine)
    else:
        tx.replace("host", mine)
    return True, lost


def _tell(tx: Transaction, domain: OwnDomain, before: Standing, now: datetime) -> None:
    """Adds what follows from another status: what links name, and who hears of it."""
    after = domain.standing
    if after.status == before.status:
        return
    host = str(domain.host)
    name_on_brand(tx, domain.tenant_id, host if after.status == "live" else None)
    if after.status == "waiting_for_certificate":
        domain.emit(PROVED, now, host=host)
    elif after.status == "live":
        domain.emit(LIVE, now, host=host)
    elif after.status == "broken":
        domain.emit(BROKEN, now, host=host, problem=after.problem)


def _led(tenant_id: str, known: OwnDomain, now: datetime) -> None:
    """Has the edge lead to the shop, and takes down how the certificate stands. Also daily: what was lost there comes
    back.
    """
    host = str(known.host)
    anew = known.status == "waiting_for_certificate" and known.since == known.looked_at
    certificate = edge.lead(host, brand_of(tenant_id).slug, anew=anew)
    if known.status == "live" and certificate == "issued":
        return

    def decide(domain: OwnDomain, tx: Transaction) -> Standing:
        before = domain.standing
        if before.status not in ("waiting_for_certificate", "live"):
            return before
        after = after_certificate(before, certificate, now)
        domain.stand(after, now)
        _tell(tx, domain, before, now)
        tx.replace("domain", domain)
        return after

    _changed(tenant_id, host, known.token, decide)


def _changed(tenant_id: str, host: str, token: str | None, decide: Decide) -> OwnDomain | None:
    """The domain after the change; None where the brand has named another since, or this one anew."""

    def decided(domain: OwnDomain | None, tx: Transaction) -> OwnDomain | None:
        if domain is None or domain.host != host or domain.token != token:
            return None
        decide(domain, tx)
        return domain

    found = change(lambda: OwnDomain.of(tenant_id, consistent=True), decided)
    brand_of.forget()
    forget_hosts()
    return found


def _let_go(tenant_id: str, now: datetime) -> OwnDomain | None:
    """Takes the way to the shop away for hosts that the brand has taken off; asks again later for the rest."""
    domain = OwnDomain.of(tenant_id, consistent=True)
    if domain is None:
        return None
    slug = brand_of(tenant_id).slug
    gone = {each for each in domain.letting_go or [] if each == domain.host or edge.leave(each, slug)}

    def decide(domain: OwnDomain | None, tx: Transaction) -> OwnDomain | None:
        if domain is None or not domain.letting_go:
            return domain
        left = [each for each in domain.letting_go if each not in gone]
        domain.letting_go = left or None
        if domain.host is None:
            domain.look_at(now + _AGAIN if left else None)
        tx.replace("domain", domain)
        return domain

    return change(lambda: OwnDomain.of(tenant_id, consistent=True), decide)


def lose(tenant_id: str, host: str, now: datetime) -> None:
    """Takes down that another shop has proved the host, unless this brand has proved it back since."""
    with tenant_scope(tenant_id):

        def decide(domain: OwnDomain | None, tx: Transaction) -> None:
            if domain is None or domain.host != host or domain.problem == "taken":
                return
            claim = HostClaim.of(host, consistent=True)
            if claim is None or claim.tenant_id == tenant_id:
                return
            domain.stand(domain.standing.become("broken", now, "taken"), now)
            domain.emit(LOST, now, host=host)
            name_on_brand(tx, tenant_id, None)
            tx.replace("domain", domain)

        change(lambda: OwnDomain.of(tenant_id, consistent=True), decide)
        brand_of.forget()
