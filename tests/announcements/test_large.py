"""News of a brand with ten thousand members: within its cap, in bounded memory, paused and resumed without a double."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import date
from typing import Any

import pytest

from chalicelib.announcements.service import sending
from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.service.confirming import confirm_owner
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Drain

pytestmark = pytest.mark.verify

MEMBERS = 10_000
TEXTS = {"en": {"subject": "Lychees", "text": "Order by Sunday. " * 100}}
PAUSED_AFTER = (7, 51)
"""Calls after which it is paused. The next slice was asked for already: the call after the first pause tells nobody."""
MOST_BYTES = 8_000_000
"""What one slice may hold at once, whatever the number of members."""


@pytest.fixture
def members(shop: Shop) -> list[str]:
    """The addresses of those who agreed to news: nine in ten of all."""
    now = product_clock.now()
    everybody = [f"member{n}@people.example" for n in range(MEMBERS)]
    with tenant_scope(shop.tenant_id):
        confirm_owner(shop.tenant_id, "owner@large.example", now)  # a new brand sends few messages a day
        for start in range(0, MEMBERS, 1000):
            identities = [Identity("email", email) for email in everybody[start : start + 1000]]
            enrol(shop.tenant_id, [Newcomer(each, date(2026, 11, 1), "sign_in") for each in identities], now)
        return [_agree(shop.tenant_id, ordinal) for ordinal in range(MEMBERS) if ordinal % 10]


def _agree(tenant_id: str, ordinal: int) -> str:
    member = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, ordinal))
    assert member is not None
    member.consent = {"marketing": {"granted": True, "at": "2026-11-01T00:00:00Z"}}
    tx = Transaction()
    tx.replace("member", member)
    tx.commit()
    return str(member.email)


def test_ten_thousand_hear_news_once_each(
    shop: Shop, members: list[str], engine: Engine, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    peaks: list[int] = []
    reads: list[float] = []
    real = sending.send_slice

    def measured(tenant_id: str, announcement_id: str, now: Any) -> None:
        tracemalloc.start()
        with metered() as meter:
            real(tenant_id, announcement_id, now)
        peaks.append(tracemalloc.get_traced_memory()[1])
        reads.append(meter.reads)
        tracemalloc.stop()
        if len(peaks) in PAUSED_AFTER:
            made(shop.brand.post(f"/v1/announcements/{announced['id']}/pause"), 200)

    monkeypatch.setattr("chalicelib.announcements.events.send_slice", measured)
    announced = made(shop.brand.post("/v1/announcements", {"texts": TEXTS}))
    path = f"/v1/announcements/{announced['id']}"
    drain()
    assert made(shop.brand.get(path), 200)["done"] == 700
    for reached in (5000, MEMBERS):
        made(shop.brand.post(f"{path}/resume"), 200)
        drain()
        assert made(shop.brand.get(path), 200)["done"] == reached

    after = made(shop.brand.get(path), 200)
    assert (after["status"], after["told"], after["declined"]) == ("sent", len(members), MEMBERS - len(members))
    sent = Counter(mail["to"] for mail in engine.mail() if mail["subject"] == "Lychees")
    assert sent == dict.fromkeys(members, 1)
    assert max(peaks) < MOST_BYTES
    print(f"\nNews to {MEMBERS}: a slice holds {max(peaks) / 1e6:.1f} MB at most, {max(reads):.0f} reads")  # noqa: T201
