"""Whatever fails, at whichever request: words are set and taken back once, and messages are read and deleted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.principal import Principal
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.inbox.service import entry, mark_all_read, mark_read, read_inbox, remove
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Told
from chalicelib.notices.model.people import Person
from chalicelib.notices.templates.model.wording import Words
from chalicelib.notices.templates.service.own import LANGUAGES, get_own, remove_own, set_own
from chalicelib.tenants.records import AuditEntry
from tests.faults import KINDS, Faults, Kind, faults
from tests.orders.test_faults import SERIES, _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
TENANT, LI = derived_id("tenant"), Person.member(derived_id("li"))
OWNER = Principal("staff", TENANT, derived_id("owner"), frozenset({"owner"}))


@pytest.fixture(autouse=True)
def _in_the_tenant() -> object:
    with tenant_scope(TENANT):
        yield


def faulty_runs(faults: Faults, requests: int) -> Iterator[tuple[Kind, int, int]]:
    """Every kind of fault at every request: those that land come once, the others until the client gives up."""
    for kind in KINDS:
        for at in range(requests):
            yield kind, at, 1 if kind in ("killed", "timed_out_after_landing", "conflict") else SERIES


def audited(action: str) -> int:
    return sum(each.action == action for each in AuditEntry.every(AuditEntry.partition(TENANT)))


def test_words_are_set_and_taken_back_once(faults: Faults) -> None:
    notice = notice_of("order_ready")

    def write(n: int) -> None:
        set_own(TENANT, notice, "en", Words(f"Subject {n}", "Text"), None, OWNER, NOW)

    def take_back() -> None:
        remove_own(TENANT, notice, LANGUAGES, None, OWNER, NOW)

    for use_case in ("own words set", "own words taken back"):
        faults.of(use_case)
        write(-1)
        requests = requests_of(faults, (lambda: write(-2)) if use_case == "own words set" else take_back)
        faults.arm(None)
        done = audited("message_template.changed"), audited("message_template.removed")
        for n, armed in enumerate(faulty_runs(faults, requests)):
            faults.arm(*armed)
            if use_case == "own words taken back":
                faults.arm(None)
                write(n)
                faults.arm(*armed)
                repeated(faults, take_back)
                faults.arm(None)
                assert get_own(TENANT, "order_ready", "en") is None
                assert audited("message_template.removed") == done[1] + n + 1
            else:
                repeated(faults, lambda n=n: write(n))  # type: ignore[misc]
                faults.arm(None)
                found = get_own(TENANT, "order_ready", "en")
                assert found is not None
                assert found.subject == f"Subject {n}"
                assert audited("message_template.changed") == done[0] + n + 1


def put(n: int) -> str:
    told = Told(LI, "order_ready", derived_id("order"), {})
    record = entry(TENANT, LI, Letter(f"{n}", "Text"), told, new_id(NOW), NOW + timedelta(seconds=n))
    tx = Transaction()
    tx.create("inbox", record)
    tx.commit()
    return record.id


def read_one(told: str) -> None:
    mark_read(TENANT, LI, told, NOW)


def read_all(told: str) -> None:
    mark_all_read(TENANT, LI, NOW)


def delete(told: str) -> None:
    try:
        remove(TENANT, LI, told)
    except NotFound:
        assert InboxRecord.at_address(TENANT, LI, told) is None, "it was deleted, and its answer lost"


@pytest.mark.parametrize("act", [read_one, read_all, delete])
def test_messages_are_read_and_deleted_once(faults: Faults, act: Callable[[str], None]) -> None:
    faults.of("inbox")
    first = put(0)
    requests = requests_of(faults, lambda: act(first))
    faults.arm(None)
    for n, armed in enumerate(faulty_runs(faults, requests), 1):
        told = put(n)
        assert read_inbox(TENANT, LI, 1, None).unread.count == 1
        faults.arm(*armed)
        repeated(faults, lambda told=told: act(told))  # type: ignore[misc]
        faults.arm(None)
        assert read_inbox(TENANT, LI, 1, None).unread.count == 0
        listed = {each.id for each in read_inbox(TENANT, LI, 100, None).page.items}
        assert (told in listed) == (act is not delete)
