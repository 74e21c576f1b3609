from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.members.enrolment.service import MOST_AT_ONCE, find_or_create_by_ref, ordinals_by_ref, ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import OrderDays, members_by_ordinal, note_activity
from tests.calls import Api
from tests.members.codes import code_for, exchange, sign_in
from tests.tenants.brands import Brand, at_once, sign_up

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)  # 2 March in Shanghai


def refs(count: int, start: int = 0) -> list[str]:
    return [f"C-{n}" for n in range(start, start + count)]


def ordered_on(month: int, day: int) -> OrderDays:
    return OrderDays(date(2026, month, day), date(2026, month, day))


def enrolled(brand: Brand, wanted: Sequence[str], joined_on: dict[str, date] | None = None) -> dict[str, MemberRecord]:
    with tenant_scope(brand.id):
        return find_or_create_by_ref(brand.id, wanted, NOW, joined_on)


def given(brand: Brand) -> int:
    with tenant_scope(brand.id):
        return ordinals_given(brand.id)


def test_those_who_are_missing_join_in_the_order_of_their_references(brand: Brand) -> None:
    members = enrolled(brand, ["B", "A", "B", "C"])
    assert [(ref, member.ordinal) for ref, member in members.items()] == [("B", 0), ("A", 1), ("C", 2)]
    assert {member.external_ref for member in members.values()} == {"A", "B", "C"}
    assert {member.joined_on for member in members.values()} == {date(2026, 3, 2)}
    assert {member.origin for member in members.values()} == {"import"}


def test_a_known_first_day_is_kept(brand: Brand) -> None:
    members = enrolled(brand, ["A", "B"], {"A": date(1997, 1, 1)})
    assert (members["A"].joined_on, members["B"].joined_on) == (date(1997, 1, 1), date(2026, 3, 2))


def test_a_second_delivery_finds_everyone_and_writes_nothing(brand: Brand) -> None:
    first = enrolled(brand, refs(120))
    with metered() as meter:
        again = enrolled(brand, refs(120))
    assert {ref: member.id for ref, member in again.items()} == {ref: member.id for ref, member in first.items()}
    assert meter.by_operation == {"BatchGetItem": 4}


def test_who_needs_only_ordinals_reads_half(brand: Brand) -> None:
    enrolled(brand, refs(120))
    with tenant_scope(brand.id), metered() as meter:
        assert ordinals_by_ref(brand.id, refs(120), NOW) == {ref: n for n, ref in enumerate(refs(120))}
    assert meter.by_operation == {"BatchGetItem": 2}


def test_newcomers_cost_one_transaction_for_forty_nine(brand: Brand) -> None:
    with metered() as meter:
        enrolled(brand, refs(MOST_AT_ONCE * 3))
    assert meter.by_operation["TransactWriteItems"] == 3


@pytest.mark.parametrize("count", [1, MOST_AT_ONCE, MOST_AT_ONCE + 1, 3 * MOST_AT_ONCE - 1])
def test_ordinals_are_dense(brand: Brand, count: int) -> None:
    members = enrolled(brand, refs(count))
    assert [member.ordinal for member in members.values()] == list(range(count))
    assert given(brand) == count


def test_eight_imports_of_overlapping_references_at_once_agree(brand: Brand) -> None:
    # Each wants 150 references, of which the next one wants 100 too: 500 people in all.
    calls = [partial(enrolled, brand, refs(150, start=50 * n)) for n in range(8)]
    answers = at_once(calls)
    ids: dict[str, set[str]] = {}
    for answer in answers:
        for ref, member in answer.items():
            ids.setdefault(ref, set()).add(member.id)
    assert len(ids) == 500
    assert all(len(found) == 1 for found in ids.values())
    assert given(brand) == 500
    with tenant_scope(brand.id):
        everyone = members_by_ordinal(brand.id, range(500))
    assert [member.ordinal for member in everyone] == list(range(500))
    assert {member.external_ref for member in everyone} == set(ids)


def test_shoppers_and_an_import_that_join_at_once_share_no_ordinal(api: Api, brand: Brand) -> None:
    shoppers = [f"s{n}@home.example" for n in range(12)]
    codes = [code_for(api, email=email) for email in shoppers]
    joins = [partial(exchange, api, code, email=email) for code, email in zip(codes, shoppers, strict=True)]
    outcomes = at_once([*joins, *[partial(enrolled, brand, refs(100, start=100 * n)) for n in range(3)]])
    assert [answer.status for answer in outcomes[:12]] == [200] * 12
    assert given(brand) == 312
    with tenant_scope(brand.id):
        everyone = members_by_ordinal(brand.id, range(312))
    assert sorted(member.ordinal for member in everyone) == list(range(312))
    assert len({member.id for member in everyone}) == 312


def test_the_same_reference_in_two_brands_is_two_members(api: Api, brand: Brand) -> None:
    other = sign_up(api, slug="other")
    assert enrolled(brand, ["C-1"])["C-1"].id != enrolled(other, ["C-1"])["C-1"].id


def test_references_of_any_shape_are_kept_as_they_are(brand: Brand) -> None:
    odd = ["a#b", "邻居 7", "x" * 200, "🍊", "0", "00"]
    assert [member.external_ref for member in enrolled(brand, odd).values()] == odd


def test_a_member_is_announced_with_id_and_ordinal(api: Api, brand: Brand) -> None:
    signed_in = sign_in(api)
    with tenant_scope(brand.id):
        member = MemberRecord.at(brand.id, signed_in["principal"]["id"])
    assert member is not None
    assert [(entry["t"], entry["d"]) for entry in member.outbox] == [
        ("member.joined", {"member_id": member.id, "ordinal": 0, "joined_by": "open"})
    ]


def test_of_who_is_known_by_a_reference_alone_it_is_announced_that_there_is_no_email(brand: Brand) -> None:
    [member] = enrolled(brand, ["C-1"]).values()
    assert member.outbox[0]["d"] == {"member_id": member.id, "ordinal": 0, "email": False}


def test_the_last_active_day_only_moves_forward(brand: Brand) -> None:
    members = enrolled(brand, refs(120))
    days = {int(member.ordinal): ordered_on(3, 1) for member in members.values()}
    with tenant_scope(brand.id):
        note_activity(brand.id, days)
        note_activity(brand.id, {**days, 5: ordered_on(2, 1), 7: ordered_on(3, 9)})
        with metered() as meter:
            note_activity(brand.id, days)
        everyone = members_by_ordinal(brand.id, range(120))
    assert meter.writes == 0
    assert {member.last_active_on for member in everyone if member.ordinal != 7} == {date(2026, 3, 1)}
    assert everyone[7].last_active_on == date(2026, 3, 9)
    assert everyone[5].first_ordered_on == date(2026, 2, 1)


def test_two_who_note_activity_at_once_leave_the_later_day(brand: Brand) -> None:
    enrolled(brand, refs(60))

    def note(day: int) -> None:
        with tenant_scope(brand.id):
            note_activity(brand.id, dict.fromkeys(range(60), ordered_on(3, day)))

    at_once([partial(note, day) for day in (3, 1, 9, 5, 7, 2)])
    with tenant_scope(brand.id):
        assert {member.last_active_on for member in members_by_ordinal(brand.id, range(60))} == {date(2026, 3, 9)}
