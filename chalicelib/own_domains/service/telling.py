"""Owners hear what has become of their domain."""

from datetime import datetime

from chalicelib.notices.telling.service import tell_team
from chalicelib.own_domains.model.hosts import shown
from chalicelib.own_domains.model.notices import TO_DO, DomainBroken, DomainLive, DomainTaken
from chalicelib.own_domains.model.states import Problem
from chalicelib.tenants.service.brand import get_tenant


def tell_live(tenant_id: str, host: str, event_id: str, now: datetime) -> None:
    """Tells that the shop is reached at its domain, each time that it comes to be."""
    notice = DomainLive(get_tenant(tenant_id).name, shown(host))
    tell_team(tenant_id, notice, ("own-domain", event_id), now, subject_id=tenant_id)


def tell_broken(tenant_id: str, host: str, problem: Problem, event_id: str, now: datetime) -> None:
    """Tells what to put right."""
    notice = DomainBroken(get_tenant(tenant_id).name, shown(host), TO_DO[problem])
    tell_team(tenant_id, notice, ("own-domain", event_id), now, subject_id=tenant_id)


def tell_taken(tenant_id: str, host: str, event_id: str, now: datetime) -> None:
    """Tells the brand that had a host until then that it leads to another shop; never to which."""
    notice = DomainTaken(get_tenant(tenant_id).name, shown(host))
    tell_team(tenant_id, notice, ("own-domain", event_id), now, subject_id=tenant_id)
