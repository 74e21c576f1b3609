"""Whatever fails, at whichever request, while a campaign closes: repeated, it has closed once, and every cent is known.

A close is run once to learn its requests: the fence, the count, the decision, what is left to the SKUs, and the pass
over the orders. Then it is run for each of them and each kind of fault, and repeated as the queue would.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.messaging import sweep
from chalicelib.orders.counting.service import counting
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.passes.service.catalogue import PASSES
from chalicelib.orders.records import OrderRecord
from infra.local.pump import HandlerFailed
from tests.conftest import Clock, Drain
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.orders.states import again, paid, refunds, write
from tests.orders.store import Store
from tests.orders.test_faults import SERIES, _without_pauses, repeated

__all__ = ["_without_pauses", "faults"]

WRITE, SEND = "TransactWriteItems", "SendMessageBatch"


@dataclass
class Ending:
    """A campaign of two units at 12.50 with one order that is to end."""

    store: Store
    campaign: CampaignRecord
    order: OrderRecord

    @property
    def closes_at(self) -> datetime:
        assert self.campaign.closes_at is not None
        return self.campaign.closes_at

    def end(self, last: str) -> None:
        """Everything that the close leads to, up to the pass over its orders."""
        tenant_id, campaign_id = self.store.tenant_id, self.campaign.id
        closing.close_campaign(tenant_id, campaign_id, self.closes_at)
        counting.decide_closed(tenant_id, campaign_id, self.closes_at)
        closing.wind_up(tenant_id, campaign_id, self.closes_at)
        passes.advance(PASSES[last], tenant_id, campaign_id, self.closes_at)

    def check(self, status: str, decision: str, cause: str, refunded: int, left: int) -> None:
        """The campaign was decided once, its order changed once, and its money went back once."""
        campaign, order = self.store.again(self.campaign), again(self.store, self.order)
        types = [entry["type"] for entry in campaign.history]
        assert (campaign.status, types.count("closed"), types.count(decision)) == (status, 1, 1)
        assert campaign.totals is not None
        assert (campaign.totals.quantity, campaign.totals.amount_minor) == (1, 1_250)
        assert refunds(order) == ([(cause, refunded)] if order.paid_minor else [])
        assert order.total_minor == 1_250 - refunded * (cause == "ladder")
        assert self.store.free(campaign) == left
        self.store.check_money(order)


def laddered(store: Store, *, online: bool = True) -> Ending:
    """12.50 at first, 10.00 from the first unit on that is sold: 2.50 go back to who has paid."""
    campaign = store.publish(2)
    campaign.offers = [replace(offer, ladder=(Step(1, 1_000),)) for offer in campaign.offers]
    write(campaign)
    order = store.place(campaign, 1, key=campaign.id)
    return Ending(store, campaign, paid(store, order) if online else order)


def missed(store: Store) -> Ending:
    """Two units are the target, one is sold: all of the 12.50 goes back."""
    campaign = store.publish(2, target=Target(Measure.QUANTITY, 2, OnMiss.CANCEL))
    return Ending(store, campaign, paid(store, store.place(campaign, 1, key=campaign.id)))


Make = Callable[[Store], Ending]
Found = tuple[str, str, str, int, int]
Tried = Callable[[Kind, str], bool]
LOCK = laddered, "reprice", ("locked", "locked", "ladder", 250, 1)
CANCEL = missed, "release", ("refunding", "cancelled", "campaign", 1_250, 2)


def whatever(kind: Kind, request: str) -> bool:
    """Every fault at every request; only transactions conflict."""
    return kind != "conflict" or request == WRITE


def telling(kind: Kind, request: str) -> bool:
    """A close sees of a read that fails only that it failed, in whichever way; writes fail in every way."""
    return kind == "killed" or request == WRITE


def landing(kind: Kind, request: str) -> bool:
    """Writes that are there without an answer."""
    return request == WRITE and kind == "killed"


@pytest.mark.parametrize(
    ("make", "last", "found", "tried"),
    [
        pytest.param(*LOCK, telling, id="lock"),
        pytest.param(*CANCEL, landing, id="cancel"),
        pytest.param(*LOCK, whatever, id="lock, all", marks=pytest.mark.verify),
        pytest.param(*CANCEL, whatever, id="cancel, all", marks=pytest.mark.verify),
    ],
)
def test_closing(store: Store, faults: Faults, make: Make, last: str, found: Found, tried: Tried) -> None:
    faults.of("close")
    first = make(store)
    faults.arm(None)
    first.end(last)
    requests, count = list(faults.seen), 0
    first.check(*found)
    for kind, at in ((kind, at) for kind in KINDS for at, request in enumerate(requests) if tried(kind, request)):
        faults.arm(None)
        ending = make(store)
        faults.arm(kind, at, SERIES)
        repeated(faults, lambda ending=ending: ending.end(last))  # type: ignore[misc]
        faults.arm(None)
        ending.end(last)
        ending.check(*found)
        count += 1
    assert faults.combinations == {"close": count}
    assert count >= requests.count(WRITE)


TO_A_QUEUE: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "conflict")


def test_telling_the_queues_of_a_close(store: Store, faults: Faults, drain: Drain) -> None:
    """What the relay could not send is in the stream still; what was sent twice is done once."""
    faults.of("close")
    (stream,) = [each for each in drain.pump.streams if each.function == "relay"]
    drain()
    for kind in TO_A_QUEUE:
        ending = laddered(store, online=False)
        closing.close_campaign(store.tenant_id, ending.campaign.id, ending.closes_at)
        faults.arm(kind, 0, SERIES)
        with suppress(Killed, HandlerFailed):
            while not faults.hits and drain.pump.take_stream(stream):
                pass
        assert faults.seen[0] == SEND
        faults.arm(None)
        drain()
        ending.check(*LOCK[2])


def test_telling_the_queue_that_a_close_has_come(store: Store, faults: Faults, drain: Drain, clock: Clock) -> None:
    """What the sweep could not send is due still, and the next sweep sends it."""
    faults.of("close")
    for kind in TO_A_QUEUE:
        ending = laddered(store, online=False)
        drain()
        clock.advance(hours=13)
        faults.arm(None)
        sweep(clock.now())
        at = faults.seen.index(SEND)
        faults.arm(kind, at, SERIES)
        with suppress(Killed, ExceptionGroup):
            sweep(clock.now())
        assert faults.hits > 0
        faults.arm(None)
        sweep(clock.now())
        drain()
        ending.check(*LOCK[2])
