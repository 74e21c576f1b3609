"""Whatever fails, at whichever request, while a domain is claimed, proved, led to the shop and taken off again: one
holder, and nothing is left behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.own_domains.model.hosts import mark_of
from chalicelib.own_domains.records import HostClaim, OwnDomain
from chalicelib.own_domains.service import checking, claiming
from chalicelib.tenants.service.brand import get_tenant
from infra.local.dns import Dns
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.faults import KINDS, Faults, Kind, faults
from tests.orders.test_faults import SERIES, _without_pauses, repeated
from tests.own_domains.test_domain import HOST, PATH, domain, hosts_at_the_edge, named

__all__ = ["_without_pauses", "faults"]

OWNER = Principal("staff", "", "owner", frozenset({"owner"}))


def stored(tenant_id: str) -> OwnDomain:
    found = OwnDomain.of(tenant_id, consistent=True)
    assert found is not None
    return found


def whole(shop: Shop, dns: Dns, engine: Engine, faults: Faults, host: str) -> list[str]:
    """From the claim to the end, with whatever is armed; answers which requests that took."""
    armed, seen = (faults.kind, faults.at, faults.times), list[str]()

    def step(act: Callable[[], object]) -> None:
        kind, at, times = armed
        faults.arm(kind if at >= len(seen) else None, at - len(seen), times)
        repeated(faults, act)
        seen.extend(faults.seen)
        faults.arm(None)

    tenant_id = shop.tenant_id
    step(lambda: claiming.claim(tenant_id, host, None, OWNER, clock.now()))
    dns.records.add(mark_of(host), "TXT", str(stored(tenant_id).token))
    dns.records.add(host, "CNAME", claiming.target())
    step(lambda: checking.bring_on(tenant_id, clock.now()))
    step(lambda: checking.bring_on(tenant_id, clock.now()))
    claim = HostClaim.of(host, consistent=True)
    assert claim is not None
    assert (claim.tenant_id, stored(tenant_id).status) == (tenant_id, "live")
    assert get_tenant(tenant_id, consistent=True).own_host == host
    assert hosts_at_the_edge(engine) == {host: shop.slug}

    def release() -> None:
        with suppress(NotFound):  # an earlier try has landed
            claiming.release(tenant_id, None, OWNER, clock.now())

    step(release)
    step(lambda: checking.bring_on(tenant_id, clock.now()))
    assert HostClaim.of(host, consistent=True) is None
    assert (stored(tenant_id).host, stored(tenant_id).letting_go) == (None, None)
    assert get_tenant(tenant_id, consistent=True).own_host is None
    assert hosts_at_the_edge(engine) == {}
    for each in dns.records.all:
        dns.records.delete(each.name, each.kind, each.value)
    return seen


WRITES = ("TransactWriteItems", "PutItem", "UpdateItem")


def run(
    shop: Shop, dns: Dns, engine: Engine, faults: Faults, kinds: tuple[Kind, ...], series: tuple[int, ...], reads: bool
) -> None:
    faults.of("own domain")
    with tenant_scope(shop.tenant_id):
        requests = whole(shop, dns, engine, faults, "first.brand.com")
        tried = [at for at, operation in enumerate(requests) if reads or operation in WRITES]
        assert len(tried) > 3
        for kind in kinds:
            for at in tried:
                for times in series:
                    faults.arm(kind, at, times)
                    whole(shop, dns, engine, faults, f"shop-{at}-{times}.brand.com")


def test_a_write_that_landed_without_our_hearing_of_it(shop: Shop, dns: Dns, engine: Engine, faults: Faults) -> None:
    run(shop, dns, engine, faults, ("timed_out_after_landing",), (1,), reads=False)


@pytest.mark.verify
def test_every_fault_at_every_request(shop: Shop, dns: Dns, engine: Engine, faults: Faults) -> None:
    run(shop, dns, engine, faults, KINDS, (1, SERIES), reads=True)


def test_of_brands_that_prove_a_host_at_once_one_has_it(new_shop: Callable[..., Shop], dns: Dns) -> None:
    shops = [new_shop() for _ in range(4)]
    for shop in shops:
        for each in named(shop)["records"]:
            dns.records.add(each["name"], each["type"], each["value"])
    together = threading.Barrier(len(shops))
    answers: list[int] = []

    def prove(shop: Shop) -> None:
        together.wait()
        answers.append(shop.brand.post(f"{PATH}/verify").status)

    threads = [threading.Thread(target=prove, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 409, 409, 409]
    claim = HostClaim.of(HOST, consistent=True)
    assert claim is not None
    holders = [shop for shop in shops if domain(shop)["status"] == "waiting_for_certificate"]
    assert [shop.tenant_id for shop in holders] == [claim.tenant_id]
    assert made(holders[0].brand.get(PATH), 200)["proved_at"]
