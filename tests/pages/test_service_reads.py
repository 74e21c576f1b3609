"""Pages of service ask the tables little more than the calls of the API that show the same."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.db import metered
from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Visitor


def test_a_page_sends_one_request_more_than_its_calls_at_most(
    care: CustomerCare, new_visitor: Callable[..., Visitor]
) -> None:
    returns, member = Returns(care), care.shop.shopper
    shopper = new_visitor(care.shop).signed_in(member)
    order = returns.collected()
    case = returns.opened(order)
    complaint = made(care.store("POST", "/complaints", member, json={"text": "Rude", "order_id": order["id"]}))
    message = made(care.store("GET", "/me/inbox", member), 200)["items"][0]
    token = care.invitation(member)
    calls = {
        "/inbox": "/me/inbox",
        "/after-sales": "/after-sales",
        f"/after-sales/{case['id']}": f"/after-sales/{case['id']}",
        "/complaints": "/complaints",
        f"/complaints/{complaint['id']}": f"/complaints/{complaint['id']}",
        f"/surveys/{token}": f"/invitations/{token}",
    }

    def reads(act: Callable[[], object]) -> int:
        act()  # what a process remembers of the brand is not counted
        with metered() as meter:
            act()
        assert meter.writes == 0
        return meter.reads

    for page, call in calls.items():
        asked = reads(lambda call=call: made(care.store("GET", call, member), 200))
        assert reads(lambda page=page: shopper.get(page)) <= asked + 1, page
    # The message and what was read at once; the order, its campaign, and what is claimed of it; who has signed out.
    assert reads(lambda: shopper.get(f"/inbox/{message['id']}")) == 3
    assert reads(lambda: shopper.get(f"/orders/{order['id']}/after-sale")) == 4
