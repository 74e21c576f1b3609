"""A page costs what it shows: of every list, however long it is, whole and by every filter that all of it passes.

Each list is read once, to see which record of it is shown and in which partition it stands. That record is copied
until the list is several pages long, and its first page read; then until it is three times as long, and read again.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

from chalicelib.db import TenantRecord, metered, put_many, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.ids import new_id
from chalicelib.payments.records import PaymentRecord, payments_to_look_at
from chalicelib.pricing.service.watching import look_at
from chalicelib.settlement.books.records import OrderBook
from infra.local.resources import client
from tests.builders import made
from tests.faults import transport
from tests.isolation.document import Operation, operations
from tests.isolation.world import Brand, World

R = TypeVar("R", bound=TenantRecord)

PAGE, COPIES = 20, 30

AROUND = 10
MOST_READ = PAGE * 6 // 5 + AROUND
"""Items read for a page: a fifth more than are shown, and ten for the credential, the brand, what the list is of, and
the other shards and campaigns that might have had something to show."""

READ_WHOLE = {
    # All changes of the one order: their keys say nothing of when they were made.
    "GET /v1/orders/{id}/history",
    "GET /v1/stores/{slug}/orders/{id}/history",
    # All prices of the one product, in the shop and in campaigns: they stand in two places, and are shown by time.
    "GET /v1/products/{id}/price-history",
}
"""Lists that are short by nature and read whole for each of their pages."""

UNREAD_COUNTED = {"GET /v1/inbox", "GET /v1/stores/{slug}/me/inbox"}
"""Lists that also say how much of them is unread: up to 99, and those are counted."""

NOT_LISTS_OF_RECORDS = {
    "GET /v1/message-templates",  # what the product tells, which is in its code
    "GET /v1/reports/{name}",  # rows of a table that is computed
    "GET /v1/leaderboards/{name}",  # rows of a board, in parts of many: tests/boards/test_counting.py counts them
    "GET /v1/stores/{slug}/leaderboards/{name}",  # as above
    "GET /v1/members/{id}/timeline",  # a page of each of a dozen lists, united: tests/insight/timelines counts them
    "GET /v1/members",  # a range of ordinals: each page reads its own members by their keys
    "GET /v1/segments",  # fifty at most, each with the bits that count it
    "GET /v1/segments/{id}/members",  # ordinals out of bits: each page reads its own members by their keys
    "GET /v1/coupon-batches/{id}/codes",  # a range of numbers: as above
    "GET /v1/invite-codes/{id}/members",  # ids of members, who are read by their keys
    "GET /v1/channels/{id}/members",  # as above
    "GET /v1/stores/{slug}/me/favourites",  # one record, with what is shown of each read by its key
    "GET /v1/stores/{slug}/me/reminders",  # as above
    "GET /v1/stores/{slug}/me/waiting",  # as above
}
LISTS = [
    each for each in operations() if "cursor" in each.parameters("query") and str(each) not in NOT_LISTS_OF_RECORDS
]

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_KEYS = {None: ("pk", "sk"), "gsi1": ("gsi1pk", "gsi1sk"), "gsi2": ("gsi2pk", "gsi2sk")}


@dataclass(frozen=True)
class Seen:
    """A query: where it looked, and the items that it found."""

    table: str
    index: str | None
    partition: str
    items: list[dict[str, Any]]


@contextmanager
def queries() -> Iterator[list[Seen]]:
    """The queries that are sent meanwhile."""
    carrier, seen = transport(), []

    def send(request: Any) -> Any:
        answer = onward(request)
        if request.headers["X-Amz-Target"].endswith(b".Query"):
            seen.append(_seen(json.loads(request.body), json.loads(answer.content)))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        onward = carrier.send
        patch.setattr(carrier, "send", send)
        yield seen


def _seen(asked: dict[str, Any], answered: dict[str, Any]) -> Seen:
    index = asked.get("IndexName")
    names = asked["ExpressionAttributeNames"]
    for name, value in re.findall(r"(#\w+) = (:\w+)", asked["KeyConditionExpression"]):
        if names[name] == _KEYS[index][0]:
            return Seen(asked["TableName"], index, asked["ExpressionAttributeValues"][value]["S"], answered["Items"])
    raise AssertionError(asked)


@dataclass(frozen=True)
class Listing:
    """A list of the product, and who reads it."""

    world: World
    operation: Operation
    path: str
    given: dict[str, str]
    copied: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def page(self, **wanted: str) -> tuple[list[Any], int]:
        """The items of the first page, and how many items were read for it."""
        query = urlencode({**self.given, **wanted, "limit": PAGE})
        with metered() as meter:
            reply = self.world.caller.call("GET", f"{self.path}?{query}", token=self.world.ours.token(self.operation))
        return made(reply, 200)["items"], meter.items_read

    def costs(self) -> dict[str, int]:
        """Items read for a page, of the whole list and by each filter that all of it passes."""
        shown, read = self.page()
        assert len(shown) == PAGE
        found = {"": read}
        for name in self.operation.parameters("query").keys() - NO_FILTERS - NOTHING_TO_FIND - self.given.keys():
            value = FILTERS[name](shown[0], self.world.ours.ids) if name in FILTERS else shown[0][name]
            filtered, found[name] = self.page(**{name: value})
            assert len(filtered) == PAGE, name
        return found

    def lengthen(self, count: int) -> None:
        """Copies the record that is shown first so many times."""
        with queries() as seen:
            shown, _ = self.page()
        query, item = _first(shown, seen)
        self.copied.extend(copies := [(query.table, _copy(item, query)) for _ in range(count)])
        self._write({"PutRequest": {"Item": copy}} for _, copy in copies)

    def shorten(self) -> None:
        """Takes the copies out again."""
        self._write({"DeleteRequest": {"Key": {name: copy[name] for name in ("pk", "sk")}}} for _, copy in self.copied)

    def _write(self, requests: Iterable[dict[str, Any]]) -> None:
        aws, waiting = client(self.world.engine, "dynamodb"), deque(requests)
        while waiting:
            several = [waiting.popleft() for _ in range(min(25, len(waiting)))]
            assert not aws.batch_write_item(RequestItems={self.copied[0][0]: several})["UnprocessedItems"]


def _first(shown: list[Any], seen: list[Seen]) -> tuple[Seen, dict[str, Any]]:
    """The record of what is shown first, known by its id, and the query that found it."""
    found = [(query, item) for query in seen for item in query.items]
    assert shown
    assert found
    with_id = [each for each in found if str(shown[0].get("id")) in json.dumps(each[1])]
    return (with_id or found)[-1]


def _copy(item: dict[str, Any], query: Seen) -> dict[str, Any]:
    """The item under another key, at its place in the same partition. Nothing is due of it, and it has no news."""
    copy = {name: value for name, value in item.items() if not name.startswith(("due_", "outbox"))}
    own_pk = len(ULID.findall(item["pk"]["S"])) > 1  # besides the tenant's
    changed = ("sk",) if query.index is None else (_KEYS[query.index][1], "pk" if own_pk else "sk")
    return copy | {name: {"S": _renamed(item[name]["S"])} for name in changed}


def _renamed(text: str) -> str:
    """The text with another id in the place of its last, or with one after it."""
    ids, other = ULID.findall(text), new_id(clock.now())
    return other.join(text.rsplit(ids[-1], 1)) if ids else f"{text}:{other}"


@pytest.fixture
def listing(world: World, operation: Operation) -> Iterator[Listing]:
    """A list with something in it, that is no longer afterwards than it was."""
    brand = world.ours
    ids, given = _FURNISHED.get(operation.path, lambda _: ({}, {}))(brand)
    made = Listing(world, operation, brand.path(operation, **ids), given)
    yield made
    made.shorten()


KEYED = {"Idempotency-Key": "once"}


def _team_buy(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    [campaign] = made(brand.shop.brand.get("/v1/campaigns?kind=team_buy"), 200)["items"]
    return {"id": campaign["id"]}, {}


def _adjusted(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    path = f"/v1/skus/{brand.ids['sku']}/adjustments"
    made(brand.shop.brand.post(path, {"delta": 9, "reason": "Counted"}, headers=KEYED))
    return {}, {}


def _given_points(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    path = f"/v1/members/{brand.ids['member']}/points"
    made(brand.shop.brand.post(path, {"delta": 9, "reason": "Thanks"}, headers=KEYED))
    return {}, {}


def _answered(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    answer = {"consent": {"analytics": True}}
    made(brand.shop.caller.call("PATCH", f"{brand.shop.path}/me", json=answer, token=brand.shop.shopper.token), 200)
    return {}, {}


def _received(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    order = made(brand.shop.brand.get(f"/v1/orders/{brand.ids['order']}"), 200)
    assert made(brand.shop.brand.get(f"/v1/campaigns/{order['campaign_id']}/receipts"), 200)["items"]
    return {"id": order["campaign_id"]}, {}


def _of_the_leader(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    return {}, {"party": "leader", "party_id": brand.ids["leader"]}


def _told(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    return {}, {"recipient": "member", "recipient_id": brand.ids["member"]}


def _to_look_at(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    with _changed(brand, PaymentRecord, PaymentRecord.address(brand.shop.tenant_id, brand.ids["payment"])) as payment:
        payment.gsi2pk, payment.gsi2sk = payments_to_look_at(payment.tenant_id, "differs"), sortable(clock.now())
    return {}, {"state": "differs"}


def _cheaper(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    """Somebody asks less for a product of the brand, which is looked at."""
    seen = {
        "sku_id": brand.ids["sku"], "competitor": "Fresh Mart", "price": brand.shop.money(1), "seen_on": "2026-01-05",
    }  # fmt: skip
    headers = {"Idempotency-Key": "cheaper"}
    made(brand.shop.brand.call("POST", "/v1/competitor-prices", json=seen, headers=headers))
    with tenant_scope(brand.shop.tenant_id):
        look_at(brand.shop.tenant_id, brand.ids["product"], clock.now())
    return {}, {}


def _adopted(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    plan = {"plan": "Paper bags from June on.", "done_by": "2030-06-30"}
    made(brand.shop.brand.post(f"/v1/suggestions/{brand.ids['suggestion']}/adopt", plan), 200)
    return {}, {}


def _earning(brand: Brand) -> tuple[dict[str, str], dict[str, str]]:
    with _changed(brand, OrderBook, OrderBook.address(brand.shop.tenant_id, brand.ids["order"])) as book:
        book.recognised_at = book.releases_at = clock.now()
        book.gsi1pk, book.gsi1sk = book.of_leader(book.tenant_id, brand.ids["leader"]), sortable(clock.now())
    return {}, {}


@contextmanager
def _changed(brand: Brand, record: type[R], address: tuple[str, str]) -> Iterator[R]:
    """Puts a record into a list in which it does not stand by itself."""
    with tenant_scope(brand.shop.tenant_id):
        found = record.fetch(*address)
        assert found is not None
        yield found
        put_many([found])


_FURNISHED: Mapping[str, Callable[[Brand], tuple[dict[str, str], dict[str, str]]]] = {
    "/v1/campaigns/{id}/teams": _team_buy,
    "/v1/stores/{slug}/campaigns/{id}/teams": _team_buy,
    "/v1/skus/{id}/adjustments": _adjusted,
    "/v1/skus/{id}/movements": _adjusted,
    "/v1/campaigns/{id}/receipts": _received,
    "/v1/members/{id}/points": _given_points,
    "/v1/members/{id}/consents": _answered,
    "/v1/stores/{slug}/me/consents": _answered,
    "/v1/stores/{slug}/me/points": _given_points,
    "/v1/statements/frozen": _of_the_leader,
    "/v1/competitor-prices": _cheaper,
    "/v1/price-alerts": _cheaper,
    "/v1/payments": _to_look_at,
    "/v1/messages": _told,
    "/v1/stores/{slug}/adopted-suggestions": _adopted,
    "/v1/stores/{slug}/leader/commissions": _earning,
}
"""What is done first where the world of the other tests has nothing in a list: ids in its path, and its query."""

FILTERS: Mapping[str, Callable[[Any, Mapping[str, str]], str]] = {
    "overdue": lambda *_: "false",
    "due": lambda shown, _: str(
        shown["totals"]["due"]["amount_minor"] > 0 if "totals" in shown else shown["due"]
    ).lower(),
    "q": lambda shown, _: "member" if "placed_at" in shown else "product",
    "unread": lambda *_: "true",
    "available": lambda *_: "on_sale",
    "min_rating": lambda *_: "1",
    "unanswered": lambda *_: "true",
    "min_price": lambda *_: "1",
    "max_price": lambda *_: "1000000",
    "from_on": lambda *_: "2026-01-01",
    "to_on": lambda *_: "2036-01-01",
    "account": lambda journal, _: journal["entries"][0]["account"],
    "pickup_point_id": lambda _, ids: ids["pickup_point"],
    "show": lambda *_: "usable",
    "keeper_id": lambda key, _: key["keeper"]["staff_id"],
}
"""Values of filters that are not fields of what is shown, by what is shown, and by the ids of the brand."""

NO_FILTERS = {"when", "limit", "cursor", "format", "sort"}
NOTHING_TO_FIND = {"tag", "phone", "email", "pickup_code", "answered_by", "min_sold"}
"""Filters that nothing in the world passes, or a single record."""


@pytest.mark.parametrize("operation", LISTS, ids=str)
def test_a_page_costs_what_it_shows_however_long_the_list(listing: Listing, operation: Operation) -> None:
    listing.lengthen(COPIES)
    costs = listing.costs()
    listing.lengthen(COPIES)
    longer = listing.costs()

    assert longer.keys() == {"", *operation.parameters("query")} - NO_FILTERS - NOTHING_TO_FIND - listing.given.keys()
    if str(operation) in UNREAD_COUNTED:
        assert max(longer.values()) <= MOST_READ + 100
    elif str(operation) in READ_WHOLE:
        assert max(longer.values()) <= 2 * COPIES + AROUND
    else:
        assert longer == costs
        assert max(costs.values()) <= MOST_READ
