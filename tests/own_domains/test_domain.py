"""A brand names its domain, proves it, and is served there; and what becomes of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.own_domains.records import HostClaim, OwnDomain
from chalicelib.own_domains.service import checking, edge
from chalicelib.own_domains.service import dns as look
from chalicelib.own_domains.service.hosts import shop_at
from chalicelib.tenancy import brand_of
from infra.local import resources
from infra.local.dns import Dns
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep

HOST = "shop.green-valley.com"
PATH = "/v1/tenant/domain"
Setting = Callable[[Shop], None]


def named(shop: Shop, host: str = HOST) -> dict[str, Any]:
    found: dict[str, Any] = made(shop.brand.put(PATH, {"host": host}), 200)
    return found


def domain(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = made(shop.brand.get(PATH), 200)
    return found


def verified(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = made(shop.brand.post(f"{PATH}/verify"), 200)
    return found


def live(shop: Shop, point: Setting, drain: Drain, host: str = HOST) -> None:
    named(shop, host)
    point(shop)
    verified(shop)
    drain()
    assert domain(shop)["status"] == "live"


def hosts_at_the_edge(engine: Engine) -> dict[str, str]:
    """The shop that each host leads to."""
    found = resources.client(engine, "cloudfront").list_distribution_tenants()["DistributionTenantList"]
    return {
        each["Domains"][0]["Domain"]: each.get("Parameters", [{}])[0].get("Value", "")
        for each in (
            resources.client(engine, "cloudfront").get_distribution_tenant(Identifier=one["Id"])["DistributionTenant"]
            for one in found
        )
        if each["Enabled"]
    }


def mail_to_owner(engine: Engine, shop: Shop) -> list[str]:
    return [each["subject"] for each in engine.mail() if each["to"] == f"owner@{shop.slug}.example"]


def test_a_brand_without_a_domain_is_told_so(shop: Shop) -> None:
    assert domain(shop) == {
        "status": "none", "host": None, "shown": None, "url": None, "problem": None, "records": [],
        "claimed_at": None, "proved_at": None, "looked_at": None,
    }  # fmt: skip
    assert shop.brand.post(f"{PATH}/verify").status == 404
    assert shop.brand.delete(PATH).status == 404


def test_a_domain_goes_from_its_name_to_where_neighbours_reach_it(
    shop: Shop, dns: Dns, point: Setting, drain: Drain, engine: Engine
) -> None:
    first = named(shop, "Shop.Green-Valley.com.")
    proof, way = first["records"]
    assert (first["status"], first["host"]) == ("waiting_for_dns", HOST)
    assert (proof["type"], proof["name"]) == ("TXT", f"_lintuan.{HOST}")
    assert (way["type"], way["name"], way["value"].endswith(".cloudfront.net")) == ("CNAME", HOST, True)
    assert [proof["found"], way["found"]] == [False, False]

    assert verified(shop)["problem"] == "no_proof"
    dns.records.add(proof["name"], "TXT", "google-site-verification=1")
    assert verified(shop)["problem"] == "wrong_proof"
    dns.records.add(proof["name"], "TXT", proof["value"])
    half = verified(shop)
    assert (half["status"], half["problem"]) == ("waiting_for_dns", "not_pointed")
    assert [each["found"] for each in half["records"]] == [True, False]

    dns.records.add(way["name"], "CNAME", way["value"])
    assert verified(shop)["status"] == "waiting_for_certificate"
    with tenant_scope(shop.tenant_id):
        assert brand_of(shop.tenant_id).own_host == "", "no link names it before it has a certificate"
    drain()

    after = domain(shop)
    assert (after["status"], after["problem"], after["url"]) == ("live", None, f"http://{HOST}:8000")
    assert hosts_at_the_edge(engine) == {HOST: shop.slug}
    found = shop_at(HOST)
    assert found is not None
    assert (found.tenant_id, found.slug) == (shop.tenant_id, shop.slug)
    assert f"Your shop is at {HOST}" in mail_to_owner(engine, shop)


def test_records_are_found_without_anybody_asking(
    shop: Shop, dns: Dns, point: Setting, sweep: Sweep, clock: Clock
) -> None:
    named(shop)
    sweep()
    point(shop)
    assert domain(shop)["status"] == "waiting_for_dns"

    clock.advance(minutes=3)
    sweep()

    assert domain(shop)["status"] == "live"


@pytest.mark.parametrize(
    ("host", "code"), [("https://a.com", "host_invalid"), ("192.0.2.1", "host_invalid"), ("co.uk", "host_invalid")]
)
def test_what_can_be_no_domain_is_refused_at_its_field(shop: Shop, host: str, code: str) -> None:
    answer = shop.brand.put(PATH, {"host": host})

    assert (answer.status, answer.json["code"], answer.json["errors"][0]["pointer"]) == (422, code, "/host")
    assert domain(shop)["status"] == "none"


def test_naming_it_again_keeps_the_proof_and_naming_another_makes_a_new_one(
    shop: Shop, dns: Dns, point: Setting, drain: Drain
) -> None:
    proof = named(shop)["records"][0]["value"]
    assert named(shop)["records"][0]["value"] == proof
    assert named(shop, "mistyped.com")["records"][0]["value"] != proof

    live(shop, point, drain)
    answer = shop.brand.put(PATH, {"host": "another.com"})
    assert (answer.status, answer.json["code"]) == (409, "domain_in_use")


def test_a_revision_that_is_no_longer_the_stored_one_is_refused(shop: Shop) -> None:
    named(shop)

    stale = shop.brand.put(PATH, {"host": "another.com"}, headers={"If-Match": '"7"'})

    assert stale.status == 412
    assert shop.brand.delete(PATH, headers={"If-Match": '"7"'}).status == 412
    assert domain(shop)["host"] == HOST


def test_of_two_brands_that_name_a_host_the_one_that_proves_it_has_it(
    new_shop: Callable[..., Shop], dns: Dns, point: Setting, unpoint: Setting, drain: Drain, engine: Engine
) -> None:
    first, second = new_shop(), new_shop()
    named(second)
    live(first, point, drain)

    proof = domain(second)["records"][0]
    assert verified(second)["problem"] == "wrong_proof"
    dns.records.add(proof["name"], "TXT", proof["value"])
    held = second.brand.post(f"{PATH}/verify")
    assert (held.status, held.json["code"]) == (409, "host_held"), "the first one's proof still stands"
    assert domain(second)["problem"] == "held"
    assert hosts_at_the_edge(engine) == {HOST: first.slug}

    unpoint(first)
    point(second)
    assert verified(second)["status"] == "waiting_for_certificate"
    drain()

    lost = domain(first)
    assert (lost["status"], lost["problem"]) == ("broken", "taken")
    with tenant_scope(first.tenant_id):
        assert brand_of(first.tenant_id).own_host == ""
    assert domain(second)["status"] == "live"
    assert hosts_at_the_edge(engine) == {HOST: second.slug}
    assert f"{HOST} leads to another shop now" in mail_to_owner(engine, first)
    with_other = " ".join(each["text"] for each in engine.mail() if each["to"] == f"owner@{first.slug}.example")
    assert second.slug not in with_other, "whose it is now is nobody's business"

    # And back again, by the same way.
    unpoint(second)
    point(first)
    assert verified(first)["status"] == "waiting_for_certificate"
    drain()
    assert (domain(first)["status"], domain(second)["problem"]) == ("live", "taken")
    assert hosts_at_the_edge(engine) == {HOST: first.slug}


def test_who_loses_the_proof_does_not_take_the_host_back_by_looking(
    new_shop: Callable[..., Shop], dns: Dns, point: Setting, unpoint: Setting, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    first, second = new_shop(), new_shop()
    live(first, point, drain)
    named(second)
    unpoint(first)
    point(second)
    verified(second)
    drain()

    clock.advance(days=2)
    sweep(2)

    claim = HostClaim.of(HOST, consistent=True)
    assert claim is not None
    assert claim.tenant_id == second.tenant_id


def test_three_bad_days_break_it_and_the_owner_is_told_once(
    shop: Shop, dns: Dns, point: Setting, unpoint: Setting, drain: Drain, sweep: Sweep, clock: Clock, engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    live(shop, point, drain)
    unpoint(shop)

    for _ in range(2):
        clock.advance(days=1, minutes=1)
        sweep()
        assert domain(shop)["status"] == "live"
    dns.deaf = True
    monkeypatch.setattr(look, "_SECONDS", 0.1)
    clock.advance(days=1, minutes=1)
    sweep()
    assert domain(shop)["status"] == "live", "a DNS that is away says nothing of the brand's records"
    dns.deaf = False
    clock.advance(days=1, minutes=1)
    sweep(2)

    broken = domain(shop)
    assert (broken["status"], broken["problem"]) == ("broken", "no_proof")
    subject = f"Your domain {HOST} needs you"
    assert mail_to_owner(engine, shop).count(subject) == 1
    with tenant_scope(shop.tenant_id):
        assert brand_of(shop.tenant_id).own_host == "", "links name the first address again"
    assert shop_at(HOST) is not None, "who still comes by it is served"

    point(shop)
    clock.advance(days=1, minutes=1)
    sweep(2)
    assert domain(shop)["status"] == "live"
    with tenant_scope(shop.tenant_id):
        assert brand_of(shop.tenant_id).own_host == HOST


def test_a_domain_that_is_taken_off_leads_nowhere_and_is_anybodys(
    new_shop: Callable[..., Shop], dns: Dns, point: Setting, drain: Drain, engine: Engine
) -> None:
    first, second = new_shop(), new_shop()
    live(first, point, drain)

    made(first.brand.delete(PATH), 204)
    assert (domain(first)["status"], shop_at(HOST)) == ("none", None)
    drain()
    assert hosts_at_the_edge(engine) == {}

    live(second, point, drain)
    assert hosts_at_the_edge(engine) == {HOST: second.slug}


def test_taking_it_off_and_naming_it_anew_at_once_leaves_it_led(
    shop: Shop, dns: Dns, point: Setting, drain: Drain, engine: Engine
) -> None:
    live(shop, point, drain)
    made(shop.brand.delete(PATH), 204)

    named(shop)
    point(shop)
    verified(shop)
    drain()

    assert domain(shop)["status"] == "live"
    assert hosts_at_the_edge(engine) == {HOST: shop.slug}


def test_a_certificate_that_never_comes_is_said_and_asked_for_anew(
    shop: Shop, dns: Dns, point: Setting, drain: Drain, sweep: Sweep, clock: Clock, engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as slow:
        slow.setattr(edge, "_certificate", lambda tenant, etag: "failed")
        named(shop)
        point(shop)
        verified(shop)
        drain()
        clock.advance(minutes=3)
        sweep()
        failed = domain(shop)
        assert (failed["status"], failed["problem"]) == ("broken", "no_certificate")
        clock.advance(days=1)
        sweep(2)
        assert mail_to_owner(engine, shop).count(f"Your domain {HOST} needs you") == 1

    assert verified(shop)["status"] == "waiting_for_certificate"
    drain()
    assert domain(shop)["status"] == "live"


def test_messages_that_come_twice_and_steps_that_landed_change_nothing(
    shop: Shop, dns: Dns, point: Setting, drain: Drain, engine: Engine, clock: Clock
) -> None:
    live(shop, point, drain)
    with tenant_scope(shop.tenant_id):
        before = OwnDomain.of(shop.tenant_id, consistent=True)
        assert before is not None
        revision = before.rev
        assert edge.lead(HOST, shop.slug) == "issued"
        assert edge.lead(HOST, shop.slug) == "issued"
    checking.lose(shop.tenant_id, HOST, clock.now())

    assert hosts_at_the_edge(engine) == {HOST: shop.slug}
    with tenant_scope(shop.tenant_id):
        after = OwnDomain.of(shop.tenant_id, consistent=True)
        assert after is not None
        assert after.rev == revision
        assert [edge.leave(HOST, shop.slug), edge.leave(HOST, shop.slug)] == [True, True]


def test_each_deed_of_the_team_is_in_the_audit_log(shop: Shop, dns: Dns, point: Setting, drain: Drain) -> None:
    live(shop, point, drain)
    made(shop.brand.delete(PATH), 204)

    entries = made(shop.brand.get(f"/v1/audit?target=tenant:{shop.tenant_id}"), 200)["items"]
    deeds = {each["action"]: each["changes"] for each in entries if each["action"].startswith("own_domain")}
    assert deeds == {
        "own_domain.claimed": {"host": {"from": None, "to": HOST}},
        "own_domain.proved": {"host": HOST},
        "own_domain.released": {"host": {"from": HOST, "to": None}},
    }


def test_an_hour_has_sixty_looks(shop: Shop, dns: Dns, monkeypatch: pytest.MonkeyPatch) -> None:
    named(shop)
    answers = [shop.brand.post(f"{PATH}/verify").status for _ in range(61)]

    assert (set(answers[:60]), answers[60]) == ({200}, 429)
