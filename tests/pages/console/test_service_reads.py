"""The team's pages of service ask the tables little more than the calls of the API that show the same."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.db import metered
from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk


def test_a_page_sends_one_request_more_than_its_calls_at_most(
    care: CustomerCare, new_desk: Callable[..., Desk]
) -> None:
    returns, member = Returns(care), care.shop.shopper
    case = returns.opened(returns.collected())
    complaint = made(care.store("POST", "/complaints", member, json={"text": "Rude"}))
    desk, survey, one = new_desk(care.shop), care.survey_id(), f"/v1/members/{member.id}"
    calls = {
        "/complaints": ("/v1/complaints?limit=40", "/v1/staff"),
        f"/complaints/{complaint['id']}": (f"/v1/complaints/{complaint['id']}", one, "/v1/staff"),
        "/after-sales": ("/v1/after-sales?limit=40", "/v1/staff"),
        f"/after-sales/{case['id']}": (
            f"/v1/after-sales/{case['id']}", f"/v1/after-sales/{case['id']}/decision", one, "/v1/staff",
        ),
        "/members": ("/v1/members", "/v1/tiers", "/v1/segments", "/v1/tags"),
        f"/members/{member.id}": (
            one, f"/v1/orders?member_id={member.id}", f"/v1/complaints?member_id={member.id}",
            f"/v1/after-sales?member_id={member.id}", f"/v1/messages?recipient=member&recipient_id={member.id}",
            f"/v1/members/{member.id}/timeline",
        ),
        "/surveys": ("/v1/surveys",),
        f"/surveys/{survey}": (f"/v1/surveys/{survey}", f"/v1/surveys/{survey}/results"),
    }  # fmt: skip

    def reads(act: Callable[[], object]) -> int:
        act()  # what a process remembers of the brand is not counted
        with metered() as meter:
            act()
        return meter.reads

    for page, paths in calls.items():
        asked = sum(reads(lambda path=path: made(care.brand.get(path), 200)) for path in paths)
        assert reads(lambda page=page: desk.get(page)) <= asked + 1, page
