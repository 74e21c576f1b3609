"""Invitations of people whom the brand has written down or imported, and of those with several addresses, on the
engine.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.enrolment.model import Arrival
from chalicelib.members.enrolment.service import Newcomer, find_or_enrol_by_phone
from chalicelib.members.linking.service.claiming import claim
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import MemberRecord
from chalicelib.members.sign_in.service.letting_in import LettingIn
from chalicelib.recruitment.model.codes import folded
from chalicelib.recruitment.prospects.records import ProspectCode, ProspectRecord
from tests.builders import Member, Reply, made
from tests.faults import KINDS, Faults, Killed, faults
from tests.members.codes import code_for, exchange
from tests.recruitment.conftest import Recruits
from tests.tenants.brands import at_once

__all__ = ["faults"]

pytestmark = pytest.mark.usefixtures("noon")

FANG = "+8613800138000"


def written_down(recruits: Recruits) -> str:
    """The brand's people write Fang down; the member's id."""
    with tenant_scope(recruits.shop.tenant_id):
        member_id = find_or_enrol_by_phone(recruits.shop.tenant_id, FANG, "Fang", product_clock.now())
    recruits.drain()
    return member_id


def stored(recruits: Recruits, invited: Any) -> ProspectRecord:
    with tenant_scope(recruits.shop.tenant_id):
        place = ProspectRecord.address(recruits.shop.tenant_id, invited["prospect_id"])
        found = ProspectRecord.fetch(*place, consistent=True)
    assert found is not None
    return found


def invited(recruits: Recruits, **terms: Any) -> Any:
    (one,) = recruits.invite({"phone": FANG}, **terms)["people"]
    recruits.sweep(2)
    return one


def arrive(recruits: Recruits, **more: Any) -> Reply:
    """Fang signs in."""
    sign_in_code = code_for(recruits.api, recruits.shop.slug, phone=FANG)
    return exchange(recruits.api, sign_in_code, recruits.shop.slug, phone=FANG, **more)


def came(recruits: Recruits, **more: Any) -> tuple[Member, str | None]:
    """Fang has signed in, with all that follows from it; and what became of the code."""
    found = made(arrive(recruits, **more), 200)
    recruits.drain()
    return Member(found["principal"]["id"], found["access_token"], FANG), found["invite"]


@pytest.mark.parametrize("first", ["invited", "written down"])
def test_who_is_invited_and_written_down_joins_by_the_invitation_once(recruits: Recruits, first: str) -> None:
    recruits.set(joining="application", welcome={"message": True})
    batch = recruits.batch()
    if first == "written down":
        member_id, one = written_down(recruits), invited(recruits, coupon_batch_id=batch)
    else:
        one, member_id = invited(recruits, coupon_batch_id=batch), written_down(recruits)
    assert recruits.prospect(one)["status"] == "told", "they have not come yet"
    code = stored(recruits, one).code

    fang, invite = came(recruits, invite_code=code)

    assert (fang.id, invite) == (member_id, "used")
    assert recruits.coupons(fang) == ["granted"]
    prospect = recruits.prospect(one)
    assert (prospect["status"], prospect["member_id"], prospect["phone"]) == ("joined", member_id, None)
    seen = recruits.seen(fang)
    assert (seen["origin"], seen["joined_by"]) == ("staff", f"prospect:{one['prospect_id']}")
    again, invite = came(recruits, invite_code=code)
    assert invite == "not_new"
    assert recruits.coupons(again) == ["granted"]


def test_the_reminder_comes_to_who_was_written_down_meanwhile(recruits: Recruits) -> None:
    one = invited(recruits)
    written_down(recruits)
    recruits.pass_by(days=18)
    recruits.sweep(2)
    assert recruits.prospect(one)["status"] == "told"
    assert len([each for each in recruits.letters(FANG) if "/decline/" in each["text"]]) == 2


def test_who_comes_without_the_code_has_joined_without_the_coupon(recruits: Recruits) -> None:
    one = invited(recruits, coupon_batch_id=recruits.batch())
    written_down(recruits)
    code = stored(recruits, one).code
    fang, invite = came(recruits)
    assert invite is None
    assert came(recruits, invite_code=code)[1] == "not_new"
    recruits.pass_by(days=18)
    assert (recruits.prospect(one)["status"], recruits.prospect(one)["member_id"]) == ("joined", fang.id)
    assert recruits.coupons(came(recruits)[0]) == []
    assert recruits.invite({"phone": FANG})["people"][0]["outcome"] == "member"


def test_another_code_changes_nothing_for_who_was_written_down(recruits: Recruits) -> None:
    written_down(recruits)
    code = recruits.code()
    fang, invite = came(recruits, invite_code=code["code"])
    assert (invite, recruits.uses(code), recruits.seen(fang)["joined_by"]) == ("not_new", ("active", 0), None)


def test_whom_the_brand_has_blocked_is_neither_invited_nor_told(recruits: Recruits) -> None:
    one = invited(recruits)
    member_id = written_down(recruits)
    made(recruits.brand.patch(f"/v1/members/{member_id}", {"status": "blocked", "reason": "No"}), 200)
    recruits.pass_by(days=18)
    assert recruits.prospect(one)["status"] == "withdrawn"
    assert recruits.invite({"phone": FANG})["people"][0]["outcome"] == "member"


def test_signing_in_at_many_places_at_once_redeems_it_once(recruits: Recruits) -> None:
    written_down(recruits)
    one = invited(recruits, coupon_batch_id=recruits.batch())
    code = stored(recruits, one).code
    codes = [code_for(recruits.api, recruits.shop.slug, phone=FANG) for _ in range(3)]
    asks = [
        partial(exchange, recruits.api, each, recruits.shop.slug, phone=FANG, invite_code=code)
        for each in codes
    ]  # fmt: skip
    found = [each for each in at_once(asks) if each.status == 200]
    assert found
    recruits.drain()
    fang, invite = came(recruits, invite_code=code)
    assert (recruits.coupons(fang), invite) == (["granted"], "not_new")


def test_whatever_fails_at_whichever_request_it_is_redeemed_with_the_claim(recruits: Recruits, faults: Faults) -> None:
    """Every request of the claim fails in each way; then they sign in again."""
    faults.of("redeeming an invitation")
    tenant_id, now, batch = recruits.shop.tenant_id, product_clock.now(), recruits.batch()
    cases = list(itertools.product(KINDS, range(5)))
    people = [Identity("phone", f"+86138001390{at:02}") for at in range(len(cases))]
    invited = recruits.invite(*({"phone": each.value} for each in people), coupon_batch_id=batch)["people"]
    for who, one, (kind, at) in zip(people, invited, cases, strict=True):
        code = stored(recruits, one).code
        with tenant_scope(tenant_id):
            member_id = find_or_enrol_by_phone(tenant_id, who.value, None, now)
            letting_in = LettingIn(tenant_id, Arrival(who, "-", code), now)
            claimed = partial(claim, tenant_id, Newcomer(who, recruits.today, "sign_in"), now, redeem=letting_in.redeem)
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                claimed()
            faults.arm(None)
            member = claimed()
        assert (member.id, member.joined_by) == (member_id, f"prospect:{one['prospect_id']}")
    recruits.drain()
    assert {recruits.prospect(each)["status"] for each in invited} == {"joined"}
    assert made(recruits.brand.get(f"/v1/coupon-batches/{batch}"), 200)["granted"] == len(cases)


LI, OTHER = {"email": "li@home.example"}, {"email": "li+shop@home.example"}


def outcomes(recruits: Recruits, *people: dict[str, str]) -> list[str]:
    return [each["outcome"] for each in recruits.invite(*people)["people"]]


def decline(recruits: Recruits, code: str) -> None:
    made(recruits.care.store("POST", "/prospects/decline", json={"code": code}), 204)


@pytest.mark.parametrize(("first", "then"), [(LI, OTHER), (OTHER, LI)])
def test_who_declined_is_invited_at_no_address_of_their_mailbox(recruits: Recruits, first: Any, then: Any) -> None:
    (one,) = recruits.invite(first)["people"]
    assert outcomes(recruits, then) == ["invited_before"]
    decline(recruits, stored(recruits, one).code)
    assert outcomes(recruits, then, first) == ["declined", "repeated"]


def test_two_addresses_of_a_mailbox_in_a_list_are_invited_once(recruits: Recruits) -> None:
    assert outcomes(recruits, LI, OTHER, {"email": "zoe@home.example"}) == ["invited", "repeated", "invited"]


def by_address(recruits: Recruits) -> tuple[str, str]:
    """An invitation of an earlier edition, whose id follows from the address as it was typed; its id and code."""
    tenant_id = recruits.shop.tenant_id
    (one,) = recruits.invite(OTHER)["people"]
    found = stored(recruits, one)
    with tenant_scope(tenant_id):
        tx, earlier_id = Transaction(), derived_id(tenant_id, "prospect", "email", OTHER["email"])
        tx.delete("new", ProspectRecord, str(found.pk), str(found.sk))
        found.pk, found.sk = ProspectRecord.address(tenant_id, earlier_id)
        found.id = earlier_id
        tx.put("earlier", found)
        tx.put("code", ProspectCode(*ProspectCode.address(tenant_id, folded(found.code)), prospect_id=earlier_id))
        tx.commit()
    assert found.id != ProspectRecord.id_of(tenant_id, Identity("email", OTHER["email"]))
    return earlier_id, found.code


def test_an_invitation_of_an_earlier_edition_stands_and_is_joined_by(recruits: Recruits) -> None:
    earlier_id, code = by_address(recruits)
    assert outcomes(recruits, OTHER) == ["invited_before"]
    recruits.sweep(2)
    li = recruits.joined(OTHER["email"], invite_code=code)
    assert recruits.prospect({"prospect_id": earlier_id})["member_id"] == li.id


def test_declining_an_invitation_of_an_earlier_edition_holds_for_the_mailbox(recruits: Recruits) -> None:
    earlier_id, code = by_address(recruits)
    decline(recruits, code)
    decline(recruits, code)
    assert recruits.prospect({"prospect_id": earlier_id})["status"] == "declined"
    assert [outcomes(recruits, each) for each in (OTHER, LI)] == [["declined"], ["declined"]]


def test_who_was_imported_is_invited(recruits: Recruits) -> None:
    with tenant_scope(recruits.shop.tenant_id):
        place = MemberRecord.address(recruits.shop.tenant_id, written_down(recruits))
        member = MemberRecord.fetch(*place, consistent=True)
        assert member is not None
        member.origin = "import"
        tx = Transaction()
        tx.replace("member", member)
        tx.commit()
    assert outcomes(recruits, {"phone": FANG}) == ["invited"]
