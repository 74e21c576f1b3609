"""Invitations that leave are limited, and those beyond it leave another day, on the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.model.identities import Identity
from chalicelib.members.sign_in.model import Store
from chalicelib.notices.model.notices import Destination
from chalicelib.notices.telling.service import tell_address
from chalicelib.rate_limits.model import Budget
from chalicelib.recruitment.model.notices import ApplicationApproved
from chalicelib.recruitment.prospects.model import budgets_of
from infra.local.engine import Engine
from tests.calls import Api
from tests.customer_care import CustomerCare
from tests.recruitment.conftest import Recruits

Limited = Callable[..., None]

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def another(new_care: Callable[[], CustomerCare], api: Api, engine: Engine) -> Recruits:
    """Another brand, whose owner has signed in."""
    brand = Recruits(new_care(), api, engine)
    brand.confirm()
    return brand


def texts(recruits: Recruits, *phones: str) -> int:
    """How many of these were sent an invitation."""
    return len([each for phone in phones for each in recruits.letters(phone) if "/decline/" in each["text"]])


def tell_somebody(recruits: Recruits, phone: str) -> None:
    """The brand tells somebody something else by SMS."""
    tenant_id, now = recruits.shop.tenant_id, product_clock.now()
    with tenant_scope(tenant_id):
        tell_address(tenant_id, Destination("sms", phone, "en"), ApplicationApproved("Lin"), ("other", phone), now)
    recruits.drain()


HOME = tuple(f"+8613800138{n:03}" for n in range(6))
ABROAD = tuple(f"+4479110000{n:02}" for n in range(6))


def test_what_a_store_shares_among_all_whom_it_invites() -> None:
    at_home, abroad, mail = Identity("phone", HOME[0]), Identity("phone", ABROAD[0]), Identity("email", "a+1@x.example")
    store, new = (Store("01", confirmed, "Asia/Shanghai", "zh") for confirmed in (True, False))

    def names(identity: Identity, of: Store, country: str | None) -> list[str]:
        return [each.limit.removeprefix("messages_to_").removeprefix("texts_to_") for each in
                budgets_of(identity, of, country)]  # fmt: skip

    assert names(at_home, store, "CN") == ["prospects_a_store", "prospects_a_recipient"]
    assert names(at_home, new, "CN") == ["prospects_a_new_store", "prospects_a_recipient"]
    assert names(abroad, store, "GB")[2:] == ["prospects_abroad_a_store_and_country"]
    recipient = Budget.of("messages_to_prospects_a_recipient", "email", "a@x.example")
    assert budgets_of(mail, store, None) == [Budget.of("emails_to_prospects_a_store", "01"), recipient]


def test_invitations_use_up_nothing_of_other_messages_nor_of_other_brands(
    recruits: Recruits, another: Recruits, limited: Limited
) -> None:
    recruits.confirm()
    limited(texts_to_prospects_a_store=2, texts_a_day=3)
    recruits.invite(*({"phone": each} for each in HOME[:4]))
    recruits.sweep(2)
    another.invite({"phone": HOME[4]})
    another.sweep(2)
    assert (texts(recruits, *HOME[:4]), texts(another, HOME[4])) == (2, 1)
    # nor of what the brand tells people otherwise
    tell_somebody(recruits, HOME[5])
    assert [each for each in recruits.letters(HOME[5]) if "/decline/" not in each["text"]]


def test_abroad_few_leave(recruits: Recruits, limited: Limited) -> None:
    recruits.confirm()
    limited(texts_to_prospects_abroad_a_store_and_country=2)
    recruits.invite(*({"phone": each} for each in (*ABROAD, *HOME[:2])))
    recruits.sweep(2)
    assert (texts(recruits, *ABROAD), texts(recruits, *HOME[:2])) == (2, 2)


def test_one_person_hears_little_from_all_stores_together(
    recruits: Recruits, another: Recruits, limited: Limited
) -> None:
    limited(messages_to_prospects_a_recipient=1)
    for brand, email in ((recruits, "fang@home.example"), (another, "fang+2@home.example")):
        brand.invite({"email": email})
        brand.sweep(2)
    assert len(recruits.letters("fang@home.example")) == 1
    assert not another.letters("fang+2@home.example")


def statuses(recruits: Recruits, people: list[Any]) -> list[str]:
    return sorted(recruits.prospect(each)["status"] for each in people)


@pytest.mark.parametrize("limit", ["texts_a_day", "texts_to_prospects_a_new_store", "messages_a_new_brand"])
def test_what_is_beyond_a_limit_leaves_the_next_day(recruits: Recruits, limited: Limited, limit: str) -> None:
    recruits.drain()  # the brand's own mail has left
    recruits.clock.advance(days=1)
    limited(**{limit: 1})
    both = recruits.invite({"phone": HOME[0]}, {"phone": HOME[1]})["people"]
    recruits.sweep(2)
    assert statuses(recruits, both) == ["told", "waiting"]
    recruits.pass_by(hours=1)
    assert texts(recruits, *HOME) == 1, "the day is not over"

    recruits.pass_by(days=1)
    recruits.sweep(2)

    assert (texts(recruits, *HOME), statuses(recruits, both)) == (2, ["told", "told"])
    assert {texts(recruits, each) for each in HOME[:2]} == {1}


def test_one_that_was_held_back_is_not_told_and_counts_for_no_cap(recruits: Recruits, limited: Limited) -> None:
    limited(texts_a_day=0)
    (one,) = recruits.invite({"phone": HOME[0]})["people"]
    recruits.sweep(2)
    held = recruits.prospect(one)
    assert (held["status"], held["told_at"]) == ("waiting", None)
    limited()
    recruits.pass_by(days=1)
    recruits.sweep(2)
    assert (recruits.prospect(one)["status"], texts(recruits, HOME[0])) == ("told", 1)


def test_what_never_leaves_is_over_on_its_last_day(recruits: Recruits, limited: Limited) -> None:
    limited(texts_to_prospects_a_new_store=1)
    both = recruits.invite({"phone": HOME[0]}, {"phone": HOME[1]}, join_by=recruits.day(0))["people"]
    recruits.sweep(2)
    recruits.pass_by(days=1)
    assert statuses(recruits, both) == ["expired", "expired"]
    assert texts(recruits, *HOME) == 1


def test_a_step_takes_what_it_needs_once_and_its_message_nothing_more(recruits: Recruits, limited: Limited) -> None:
    recruits.drain()
    recruits.clock.advance(days=1)
    limited(texts_to_prospects_a_new_store=2, texts_a_day=2, messages_a_new_brand=2)
    people = recruits.invite(*({"phone": each} for each in HOME[:3]))["people"]
    recruits.sweep(2)
    assert texts(recruits, *HOME) == 2
    assert statuses(recruits, people) == ["told", "told", "waiting"]
