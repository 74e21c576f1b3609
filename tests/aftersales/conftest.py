"""A shop with collected orders, where members send photos and ask for their money back."""

import http.client
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel.clock import now
from chalicelib.orders.refund_rules.model import ON_APPROVAL, RefundRules
from chalicelib.orders.refund_rules.service import set_rules
from infra.local.engine import Engine
from tests.builders import Member, Reply, made
from tests.customer_care import CustomerCare
from tests.memory import Memory
from tests.orders.store import Store, open_store
from tests.pictures import jpeg
from tests.uploads import send

JPEG = jpeg()
_numbers = itertools.count(1)


class Returns:
    """A shop where after-sale cases are opened, decided and worked off."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand = care, care.shop, care.brand

    def collected(self, *, quantity: int = 3, member: Member | None = None) -> Any:
        """An order of the shopper, at 9.00 a unit, handed over and paid for."""
        return self.care.collected(member or self.shop.shopper, quantity=quantity)[0]

    def collected_of(self, campaign: Any, *, quantity: int) -> Any:
        """An order of the shopper in a certain campaign, handed over after its close."""
        order = made(self.shop.order(campaign=campaign, quantity=quantity))
        self.care.clock.advance(days=8)
        self.care.sweep()
        self.care.hand_over(order)
        self.care.drain()
        return order

    def free(self, sku_id: str) -> int:
        """The free units in a SKU's own stock."""
        return int(made(self.brand.get(f"/v1/skus/{sku_id}"), 200)["stock"]["free"])

    def ask(self, order: Any, units: int = 1, *, kind: str = "return", who: Member | None = None, **more: Any) -> Reply:
        """A member's request for so many units of the order's first line."""
        key = more.pop("key", f"case-{next(_numbers)}")
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]
        body = {"kind": kind, "lines": lines, "reason": "Bruised", **more}
        path = f"/orders/{order['id']}/after-sales"
        return self.care.store("POST", path, who or self.shop.shopper, json=body, headers={"Idempotency-Key": key})

    def opened(self, order: Any, units: int = 1, **more: Any) -> Any:
        """A case that is open."""
        return made(self.ask(order, units, **more))

    def decide(self, case: Any, *, key: str = "", headers: Mapping[str, str] | None = None, **body: Any) -> Reply:
        """The team's decision, under a new Idempotency-Key; ``approve`` unless told otherwise."""
        sent = {"Idempotency-Key": key or f"decision-{next(_numbers)}", **(headers or {})}
        return self.brand.post(f"/v1/after-sales/{case['id']}/decision", {"outcome": "approve"} | body, headers=sent)

    def case(self, case: Any) -> Any:
        """The case as the team sees it now."""
        return made(self.brand.get(f"/v1/after-sales/{case['id']}"), 200)

    def refund_instead(
        self, case: Any, *, key: str = "", headers: Mapping[str, str] | None = None, **body: Any
    ) -> Reply:
        """The team pays units of an exchange back, under a new Idempotency-Key."""
        sent = {"Idempotency-Key": key or f"instead-{next(_numbers)}", **(headers or {})}
        return self.brand.post(
            f"/v1/after-sales/{case['id']}/refund-instead", {"reason": "Sold out"} | body, headers=sent
        )

    def pay_on_approval(self) -> None:
        """The brand chooses to pay returns back when they are approved, not when their goods arrive."""
        rules = {"returns": {"refund": "on_approval"}}
        self.shop.once("paid back on approval", lambda: made(self.brand.put("/v1/refund-rules", rules), 200))

    def receive(self, case: Any, units: int, to: str = "write_off", *, key: str = "", **more: Any) -> Reply:
        """So many units of the case's first line have come back."""
        lines = [{"offer_id": case["lines"][0]["offer_id"], "quantity": units, "disposition": to}]
        sent = {"Idempotency-Key": key or f"part-{next(_numbers)}"}
        return self.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": lines} | more, headers=sent)

    def stocked(self, units: int, offered: int) -> tuple[str, Any]:
        """A SKU whose stock counts, and a campaign that offers so many of its units."""
        sku_id = self.shop.sku_id
        count = {"delta": units, "reason": "count"}
        made(self.brand.post(f"/v1/skus/{sku_id}/adjustments", count, headers={"Idempotency-Key": "count"}))
        return sku_id, self.shop.campaign(offers=[self.shop.offer(quantity=offered)])

    def refunds(self, order: Any) -> list[int]:
        """What went back of an order, refund by refund, in minor units."""
        items = made(self.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
        return [refund["amount"]["amount_minor"] for refund in items]

    def order(self, order: Any) -> Any:
        """The order as it stands."""
        return made(self.brand.get(f"/v1/orders/{order['id']}"), 200)

    def form(self, content_type: str = "image/jpeg", size: int = len(JPEG), who: Member | None = None) -> Reply:
        """Asks for an upload."""
        body = {"content_type": content_type, "size": size}
        return self.care.store("POST", "/uploads", who or self.shop.shopper, json=body)

    def uploaded(self, content: bytes = JPEG, content_type: str = "image/jpeg", who: Member | None = None) -> str:
        """A photo that was sent; its id."""
        form = made(self.form(content_type, len(content), who))
        assert send(form, content) == 204
        return str(form["id"])


def fetched(url: str) -> tuple[int, bytes]:
    """What a link leads to."""
    found = urlsplit(url)
    connection = http.client.HTTPConnection(found.netloc, timeout=10)
    connection.request("GET", f"{found.path}?{found.query}")
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.fixture
def returns(care: CustomerCare) -> Returns:
    """A brand whose orders come back, and are paid back when that is approved."""
    brand = Returns(care)
    brand.pay_on_approval()
    return brand


@pytest.fixture
def on_receipt(care: CustomerCare) -> Returns:
    """A brand that has chosen nothing: what comes back is paid back when it has arrived."""
    return Returns(care)


@pytest.fixture
def new_returns(new_care: Callable[..., CustomerCare]) -> Callable[..., Returns]:
    """More such brands."""

    def another(**fields: Any) -> Returns:
        brand = Returns(new_care(**fields))
        brand.pay_on_approval()
        return brand

    return another


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    """A brand as the use cases see it, without HTTP; it pays returns back when they are approved."""
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        set_rules(made.tenant_id, RefundRules("CNY", ON_APPROVAL), None, made.staff, now())
        yield made
