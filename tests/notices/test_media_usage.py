"""How many messages left, by local day and medium, and what they cost to the last digit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.money import Money
from chalicelib.notices.media.model.usage import Used
from chalicelib.notices.media.service import count_refused, count_sent
from chalicelib.notices.media.service import usage as service
from chalicelib.notices.model.letters import Sent
from chalicelib.notices.recipients.model import Channel
from tests.builders import Shop, made

PATH = "/v1/message-usage"
NOON = datetime(2026, 11, 29, 4, tzinfo=UTC)
"""Midday in Shanghai."""


def priced(shop: Shop, **prices: str) -> None:
    made(shop.brand.put("/v1/message-settings", {"prices": prices}), 200)


def sent(shop: Shop, channel: Channel, parts: int = 1, at: datetime = NOON, *, again: bool = False) -> None:
    with tenant_scope(shop.tenant_id):
        count_sent(shop.tenant_id, channel, Sent("id", parts), at, again=again)


def usage(shop: Shop, days: str = "?from_on=2026-11-28&to_on=2026-11-30") -> dict[str, Any]:
    return made(shop.brand.get(PATH + days), 200)


def figures(found: dict[str, Any]) -> tuple[Any, ...]:
    cost = found["cost"] and found["cost"]["amount_minor"]
    return found["messages"], found["parts"], found["refused"], found["repeated"], found["cost_exact"], cost


def test_nothing_sent_is_nothing_used(shop: Shop) -> None:
    found = usage(shop)

    assert (found["rows"], found["sums"], figures(found["total"])) == ([], [], (0, 0, 0, 0, "0", 0))
    assert (found["from_on"], found["to_on"], found["timezone"]) == ("2026-11-28", "2026-11-30", "Asia/Shanghai")


def test_each_part_costs_the_price_of_its_day_exactly(shop: Shop) -> None:
    priced(shop, sms="0.045", email="0.0007")
    sent(shop, "sms", parts=3)
    sent(shop, "sms")
    sent(shop, "email")
    with tenant_scope(shop.tenant_id):
        count_refused(shop.tenant_id, "sms", NOON)
    priced(shop, sms="0.1")
    sent(shop, "sms", again=True)

    found = usage(shop)

    assert [(row["on"], row["channel"], *figures(row)) for row in found["rows"]] == [
        ("2026-11-29", "email", 1, 1, 0, 0, "0.0007", 0),
        ("2026-11-29", "sms", 3, 5, 1, 1, "0.280", 28),
    ]
    assert figures(found["total"]) == (4, 6, 1, 1, "0.2807", 28)
    assert found["total"]["cost"]["currency"] == "CNY"


def test_days_are_the_brands_and_sums_round_once(shop: Shop) -> None:
    priced(shop, sms="0.005")
    for at in (
        datetime(2026, 11, 28, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 28, 16, tzinfo=UTC),
        datetime(2026, 11, 29, 16, tzinfo=UTC),
        datetime(2026, 11, 27, 15, tzinfo=UTC),
    ):
        sent(shop, "sms", at=at)

    found = usage(shop)

    assert [(row["on"], row["cost"]["amount_minor"]) for row in found["rows"]] == [
        ("2026-11-28", 1), ("2026-11-29", 1), ("2026-11-30", 1),
    ]  # fmt: skip
    assert [figures(each) for each in found["sums"]] == [(3, 3, 0, 0, "0.015", 2)]


def test_what_has_no_price_is_said_apart(shop: Shop) -> None:
    sent(shop, "sms", parts=2)
    (row,) = usage(shop)["rows"]
    assert (row["cost"], row["cost_exact"], row["unpriced_parts"]) == (None, None, 2)

    priced(shop, sms="0.05")
    sent(shop, "sms")
    (row,) = usage(shop)["rows"]
    assert (row["cost"]["amount_minor"], row["unpriced_parts"], row["parts"]) == (5, 2, 3)


def test_many_at_once_are_all_counted(shop: Shop) -> None:
    with ThreadPoolExecutor(12) as workers:
        list(workers.map(lambda _: sent(shop, "email"), range(60)))

    assert usage(shop)["total"]["messages"] == 60


def test_a_count_is_one_write_and_the_answer_one_read(shop: Shop) -> None:
    sent(shop, "email")
    with metered() as counting:
        sent(shop, "email")
    with metered() as reading, tenant_scope(shop.tenant_id):
        service.used(shop.tenant_id, NOON.date(), NOON.date())
    assert (counting.reads, counting.writes, reading.reads) == (0, 1, 1)


def test_a_count_that_fails_fails_no_delivery(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has left: delivered again, it would leave again."""
    lost: list[str] = []

    def commit(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("chalicelib.db.Transaction.commit", commit)
    monkeypatch.setattr(service.logger, "exception", lambda event, **fields: lost.append(fields["channel"]))

    sent(shop, "sms")

    assert lost == ["sms"]


def test_the_usual_period_ends_today(shop: Shop) -> None:
    found = usage(shop, "")
    with tenant_scope(shop.tenant_id):
        first, last = service.period(shop.tenant_id, None, None, NOON)
    assert (first.isoformat(), last.isoformat()) == ("2026-10-31", "2026-11-29")
    assert found["from_on"] < found["to_on"]


@pytest.mark.parametrize(
    "days",
    ["?from_on=2026-11-30&to_on=2026-11-29", "?from_on=2025-11-29&to_on=2026-11-30", "?to_on=yesterday", "?on=1"],
)
def test_a_period_that_is_none_is_refused(shop: Shop, days: str) -> None:
    assert shop.brand.get(PATH + days).status in (400, 422)


def test_currencies_round_at_their_own_minor_digits() -> None:
    three = Used.at(Decimal("0.5"), 3, 3, 0, 0)
    rounded = {currency: three.money(currency) for currency in ("JPY", "CNY", "KWD")}
    assert rounded == {"JPY": Money(2, "JPY"), "CNY": Money(150, "CNY"), "KWD": Money(1500, "KWD")}
