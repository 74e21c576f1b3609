"""Inboxes: what members and staff were told, read on several devices, counted, marked and deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import Refused, Transaction, metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.ids import derived_id, is_id
from chalicelib.notices.inbox.model import belongs_in_inbox
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.inbox.service import entry
from chalicelib.notices.model.catalogue import every_notice, notice_of
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Category, Told
from chalicelib.notices.model.people import Person
from chalicelib.web.tokens import issue
from tests.builders import Shop, made

START = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


@dataclass
class Inbox:
    """Somebody's inbox, as they see it."""

    shop: Shop
    person: Person
    path: str
    token: str

    def put(self, subject: str, at: datetime = START, message: str = "", template: str = "order_ready") -> str:
        record = self.entry(subject, at, message or subject, template)
        self._create(record)
        return record.id

    def fill(self, subjects: range) -> None:
        """Puts messages in, one a second."""
        records = [self.entry(f"{each}", START + timedelta(seconds=each), f"{each}") for each in subjects]
        for first in range(0, len(records), 50):
            self._create(*records[first : first + 50])

    def entry(self, subject: str, at: datetime, message: str, template: str = "order_ready") -> InboxRecord:
        told = Told(self.person, template, self.shop.tenant_id, {})
        letter = Letter(subject, f"Text of {subject}")
        return entry(self.shop.tenant_id, self.person, letter, told, derived_id(message), at)

    def _create(self, *records: InboxRecord) -> None:
        tx = Transaction()
        for record in records:
            tx.create(record.id, record)
        with tenant_scope(self.shop.tenant_id):
            tx.commit()

    def call(self, method: str, path: str = "", **sent: Any) -> Any:
        return self.shop.caller.call(method, self.path + path, token=self.token, **sent)

    def list(self, query: str = "") -> Any:
        return made(self.call("GET", query), 200)

    def subjects(self, query: str = "") -> list[str]:
        return [each["subject"] for each in self.list(query)["items"]]


@pytest.fixture
def mine(shop: Shop) -> Inbox:
    """A member's."""
    return Inbox(shop, Person.member(shop.shopper.id), f"{shop.path}/me/inbox", shop.shopper.token)


@pytest.fixture
def owners(shop: Shop) -> Inbox:
    """The owner's, of the team."""
    owner = made(shop.brand.get("/v1/staff"), 200)["items"][0]["id"]
    token = issue("staff", shop.tenant_id, shop.slug, owner, frozenset({"owner"}), clock.now(), 400 * 86_400)
    return Inbox(shop, Person.staff(owner), "/v1/inbox", token)


@pytest.fixture(params=["mine", "owners"])
def inbox(request: pytest.FixtureRequest) -> Inbox:
    """A member's, and one of the team."""
    found: Inbox = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def about_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Order notices say that they are about an order."""
    kind = notice_of("order_ready")
    monkeypatch.setattr(kind, "telling", replace(kind.telling, about="order"))


def code(reply: Any, status: int) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def test_an_empty_inbox_says_so(inbox: Inbox) -> None:
    assert inbox.list() == {"items": [], "next_cursor": None, "unread_count": 0, "unread_more": False}
    assert made(inbox.call("POST", "/read"), 200) == {"unread_count": 0, "unread_more": False}


def test_messages_stand_as_they_were_told_newest_first_with_what_they_are_about(
    inbox: Inbox, about_orders: None
) -> None:
    first = inbox.put("First")
    second = inbox.put("Second", START + timedelta(milliseconds=1))

    newest, oldest = inbox.list()["items"]

    assert (newest["id"], oldest["id"]) == (second, first)
    assert oldest == {
        "id": first, "category": "order", "subject": "First", "text": "Text of First",
        "about": {"type": "order", "id": inbox.shop.tenant_id}, "at": "2026-11-29T08:00:00Z", "read_at": None,
    }  # fmt: skip


def test_the_pages_of_an_inbox_hold_each_message_once(inbox: Inbox) -> None:
    inbox.fill(range(5))
    for query, expected in (
        ("", "43210"),
        ("unread=true&", "43210"),
        ("category=order&", "43210"),
        ("category=news&", ""),
    ):
        found, cursor = "", ""
        while True:
            page = inbox.list(f"?{query}limit=2{cursor}")
            found += "".join(each["subject"] for each in page["items"])
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert found == expected, query


def test_a_message_read_twice_or_on_two_devices_is_read_once(inbox: Inbox, clock: Any) -> None:
    first, second = inbox.put("First"), inbox.put("Second", START + timedelta(seconds=1))
    clock.set(START + timedelta(hours=1))
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda _: made(inbox.call("POST", f"/{first}/read"), 200)["read_at"], range(4)))
    clock.advance(hours=1)
    again = made(inbox.call("POST", f"/{first}/read"), 200)["read_at"]

    assert len({*read, again}) == 1
    assert again.startswith("2026-11-29T09:0")
    assert inbox.list()["unread_count"] == 1
    assert inbox.subjects("?unread=true") == ["Second"]
    made(inbox.call("POST", f"/{second}/read"), 200)
    assert inbox.subjects("?unread=true") == []


def test_all_is_read_in_one_write_and_what_comes_later_is_not(inbox: Inbox, clock: Any) -> None:
    alone = inbox.put("0", START)
    inbox.fill(range(1, 120))
    clock.set(START + timedelta(hours=1))
    made(inbox.call("POST", f"/{alone}/read"), 200)
    counted = inbox.list("?limit=1")
    clock.advance(hours=1)
    with metered() as meter:
        after = made(inbox.call("POST", "/read"), 200)

    assert (counted["unread_count"], counted["unread_more"]) == (99, True)
    assert after == {"unread_count": 0, "unread_more": False}
    assert (meter.by_operation["TransactWriteItems"], meter.items_written) == (1, 1)
    assert meter.items_read <= 6, "the credential, the mark, and the newest message"
    late = inbox.put("Late", START + timedelta(hours=3))
    read = inbox.list("?limit=100&unread=false")
    assert (read["unread_count"], inbox.subjects("?unread=true")) == (1, ["Late"])
    at_once = {each["read_at"][:13] for each in read["items"] if each["id"] != late}
    assert at_once == {"2026-11-29T10"}
    assert made(inbox.call("POST", f"/{alone}/read"), 200)["read_at"].startswith("2026-11-29T09")
    twice = [made(inbox.call("POST", "/read"), 200)["unread_count"] for _ in range(2)]
    assert twice == [0, 0]


def test_unread_are_counted_exactly_up_to_99_in_one_request(mine: Inbox) -> None:
    mine.fill(range(99))
    with metered() as meter:
        page = mine.list("?limit=1")
    assert (page["unread_count"], page["unread_more"]) == (99, False)
    assert meter.by_operation["Query"] == 2, "the page, and the count"
    mine.put("One more", START + timedelta(hours=1))
    assert mine.list("?limit=1")["unread_more"] is True


def test_a_deleted_message_is_gone_and_counted_no_more(inbox: Inbox) -> None:
    first = inbox.put("First")
    inbox.put("Second")
    made(inbox.call("DELETE", f"/{first}"), 204)
    assert code(inbox.call("DELETE", f"/{first}"), 404) == "not_found"
    assert code(inbox.call("POST", f"/{first}/read"), 404) == "not_found"
    assert (inbox.subjects(), inbox.list()["unread_count"]) == (["Second"], 1)


def test_a_message_put_in_again_is_known_and_two_of_one_millisecond_are_two(mine: Inbox) -> None:
    first = mine.put("First", message="m1")
    with pytest.raises(Refused):
        mine.put("First", message="m1")
    second = mine.put("Second", message="m2")
    assert is_id(first)
    assert is_id(second)
    assert first[:10] == second[:10]
    assert len(mine.list()["items"]) == 2


def test_an_inbox_is_of_one_person_alone(mine: Inbox, owners: Inbox, new_shop: Callable[..., Shop]) -> None:
    told, of_team = mine.put("Mine"), owners.put("Team")
    other = mine.shop.member()
    stranger = Inbox(mine.shop, Person.member(other.id), mine.path, other.token)
    for reader in (stranger, replace(owners, token=mine.token), replace(mine, token=owners.token)):
        assert reader.call("DELETE", f"/{told}").status in (403, 404)
        assert reader.call("POST", f"/{of_team}/read").status in (403, 404)
    assert (stranger.list()["items"], stranger.list()["unread_count"]) == ([], 0)
    made(stranger.call("POST", "/read"), 200)
    assert (mine.list()["unread_count"], owners.list()["unread_count"]) == (1, 1)
    assert mine.shop.caller.call("GET", owners.path, token=mine.shop.api_key).status == 403
    foreign = new_shop()
    reply = foreign.caller.call("GET", f"{mine.shop.path}/me/inbox", token=foreign.shopper.token)
    assert reply.status == 401


def test_a_colleagues_cursor_continues_no_inbox_of_mine(owners: Inbox) -> None:
    owners.fill(range(3))
    hired = made(owners.shop.brand.post("/v1/staff", {"email": "mo@x.example", "roles": ["owner"]}))["id"]
    token = issue(
        "staff", owners.shop.tenant_id, owners.shop.slug, hired, frozenset({"owner"}), clock.now(), 400 * 86_400
    )
    cursor = owners.list("?limit=1")["next_cursor"]
    assert code(replace(owners, token=token).call("GET", f"?limit=1&cursor={cursor}"), 400) == "bad_cursor"


def test_a_text_that_no_item_could_hold_is_cut(mine: Inbox) -> None:
    told = Told(mine.person, "order_ready", mine.shop.tenant_id, {})
    letter = Letter("荔枝", "荔枝" * 200_000)
    record = entry(mine.shop.tenant_id, mine.person, letter, told, derived_id("long"), START)
    mine._create(record)
    assert mine.list()["items"][0]["text"] == letter.text[:16_666]


def test_codes_stand_in_no_inbox(mine: Inbox) -> None:
    with pytest.raises(ValueError, match="sign_in_code"):
        mine.put("Code", template="sign_in_code")
    for name, notice in every_notice().items():
        beside_an_address = notice.telling.category is Category.ACCESS and notice.telling.audience == "member"
        assert belongs_in_inbox(name) is not beside_an_address, name


def test_a_message_is_kept_for_a_year(mine: Inbox) -> None:
    told = mine.put("First")
    with tenant_scope(mine.shop.tenant_id):
        record = InboxRecord.at_address(mine.shop.tenant_id, mine.person, told)
    assert record is not None
    kept = timedelta(seconds=int(record.expires_at or 0) - START.timestamp())
    assert timedelta(days=365) <= kept <= timedelta(days=367)


@pytest.mark.parametrize("query", ["?unread=perhaps", "?category=spam", "?limit=0", "?read=true", "?cursor=x.y"])
def test_a_wrong_query_is_named(inbox: Inbox, query: str) -> None:
    assert inbox.call("GET", query).status in (400, 422)
