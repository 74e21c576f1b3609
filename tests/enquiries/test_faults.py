"""Whatever fails, at whichever request: an enquiry opens once, is answered once, handed over once, and closed once."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from chalicelib.db import tenant_scope
from chalicelib.enquiries.errors import EnquiryClosed
from chalicelib.enquiries.model.conversation import Said
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service import talking
from chalicelib.enquiries.service.answering import answer
from chalicelib.enquiries.service.faq import FaqEntry, add_entry, list_entries
from chalicelib.enquiries.service.handling import close_enquiry, list_own_enquiries
from chalicelib.enquiries.service.opening import open_enquiry
from chalicelib.kernel import clock
from tests.aftersales.test_faults import run
from tests.conftest import Engine, Memory
from tests.faults import KINDS, Faults, faults
from tests.orders.store import Store, open_store
from tests.orders.test_faults import SERIES, _without_pauses, repeated, requests_of

pytestmark = pytest.mark.usefixtures("noon")

__all__ = ["_without_pauses", "faults"]

KNOWN = "Can somebody else collect my order for me?"


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    """A brand with a question in its FAQ, as the use cases see it."""
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        entry = FaqEntry(KNOWN, "Yes, with the code.", "en")
        add_entry(made.tenant_id, entry, "first", made.staff, clock.now())
        yield made


def opened(store: Store, member: str, key: str, text: str = KNOWN) -> EnquiryRecord:
    return open_enquiry(store.tenant_id, member, text, key, clock.now())


def found(store: Store, enquiry: EnquiryRecord) -> EnquiryRecord:
    record = EnquiryRecord.fetch(*EnquiryRecord.address(store.tenant_id, enquiry.id), consistent=True)
    assert record is not None
    return record


def types(enquiry: EnquiryRecord) -> list[str]:
    return [entry["type"] for entry in enquiry.history]


def test_an_enquiry_opens_once(store: Store, faults: Faults) -> None:
    faults.of("enquiry")
    store.member(60)

    def once(n: int) -> None:
        member = store.member(n)
        mine = repeated(faults, lambda: opened(store, member, f"k{n}"))
        faults.arm(None)
        assert opened(store, member, f"k{n}").id == mine.id
        listed = list_own_enquiries(store.tenant_id, member, 20, None).items
        assert [each.id for each in listed if each.text == KNOWN] == [mine.id]
        assert found(store, mine).owner

    assert run(faults, lambda: opened(store, store.member(), "learn"), once) >= 30


def test_it_is_answered_once(store: Store, faults: Faults) -> None:
    faults.of("enquiry")

    def once(n: int) -> None:
        faults_armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        mine = opened(store, store.member(n), f"k{n}")
        faults.arm(*faults_armed)
        repeated(faults, lambda: answer(store.tenant_id, mine.id, clock.now()))
        faults.arm(None)
        answer(store.tenant_id, mine.id, clock.now())
        assert types(found(store, mine)) == ["asked", "answered"]
        assert found(store, mine).status == "answered"

    learn = opened(store, store.member(), "learn")
    assert run(faults, lambda: answer(store.tenant_id, learn.id, clock.now()), once) >= 18


def of_each(
    store: Store,
    faults: Faults,
    begin: Callable[[EnquiryRecord], object],
    act: Callable[[EnquiryRecord], object],
    check: Callable[[EnquiryRecord], None],
) -> int:
    """The act on an enquiry that has begun so, at each fault and request."""
    faults.arm(None)
    store.member(60)
    name = f"{len(faults.combinations)} {act.__name__}"
    learn = opened(store, store.member(), name)
    begin(learn)
    requests, runs = requests_of(faults, lambda: act(learn)), 0
    for at in range(requests):
        for kind in KINDS:
            runs += 1
            faults.arm(None)
            mine = opened(store, store.member(runs), f"{name} {runs}")
            begin(mine)
            faults.arm(kind, at, SERIES)
            repeated(faults, lambda mine=mine: act(mine))  # type: ignore[misc]
            faults.arm(None)
            check(found(store, mine))
    return runs


def test_it_is_handed_over_once_by_the_members_no(store: Store, faults: Faults) -> None:
    faults.of("enquiry")

    def check(after: EnquiryRecord) -> None:
        assert Counter(types(after)) == {"asked": 1, "answered": 1, "handed_over": 1}
        assert (after.status, after.helped) == ("open", False)

    def begin(mine: EnquiryRecord) -> None:
        answer(store.tenant_id, mine.id, clock.now())

    def act(mine: EnquiryRecord) -> object:
        return talking.judge_answer(store.tenant_id, mine.member_id, mine.id, False, clock.now())

    assert of_each(store, faults, begin, act, check) >= 12


def test_a_message_of_either_side_stands_once(store: Store, faults: Faults) -> None:
    faults.of("enquiry")

    def by_team(mine: EnquiryRecord) -> object:
        said = Said("Yes.", "t")
        return talking.write_to_member(store.tenant_id, mine.id, said, None, store.staff, clock.now(), waits=True)

    def by_member(mine: EnquiryRecord) -> object:
        return talking.write_to_store(store.tenant_id, mine.member_id, mine.id, Said("And?", "m"), clock.now())

    def check_told(after: EnquiryRecord) -> None:
        assert types(after) == ["asked", "told"]
        assert after.waiting_for == "member"

    def check_replied(after: EnquiryRecord) -> None:
        assert types(after) == ["asked", "told", "replied"]
        assert after.waiting_for is None

    assert of_each(store, faults, lambda mine: None, by_team, check_told) >= 12
    assert of_each(store, faults, by_team, by_member, check_replied) >= 12


def test_it_is_closed_once_by_either_side(store: Store, faults: Faults) -> None:
    faults.of("enquiry")

    def by_team(mine: EnquiryRecord) -> object:
        try:
            return close_enquiry(store.tenant_id, mine.id, None, store.staff, clock.now())
        except EnquiryClosed:
            return None

    def by_member(mine: EnquiryRecord) -> object:
        return talking.close_own(store.tenant_id, mine.member_id, mine.id, clock.now())

    def check(after: EnquiryRecord) -> None:
        assert types(after) == ["asked", "closed"]

    for act in (by_team, by_member):
        assert of_each(store, faults, lambda mine: None, act, check) >= 12


def test_an_entry_is_added_once(store: Store, faults: Faults) -> None:
    faults.of("enquiry")

    def add(key: str) -> object:
        return add_entry(store.tenant_id, FaqEntry(key, "So.", "zh"), key, store.staff, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: add(f"k{n}"))
        faults.arm(None)
        add(f"k{n}")

    runs = run(faults, lambda: add("learn"), once)
    entries = list_entries(store.tenant_id, 200, None, locale="zh").items
    assert sorted(each.question for each in entries) == sorted(["learn", *(f"k{n + 1}" for n in range(runs))])
