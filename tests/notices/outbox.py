"""A brand's people and the providers of its messages, which a test can break: from the queue to whom it reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from chalicelib.db import Transaction, platform_scope, tenant_scope
from chalicelib.db.tenant_records import DUE_SHARDS
from chalicelib.kernel import remembering
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message
from chalicelib.messaging.sweep import _due, _message
from chalicelib.notices.delivery.service import addresses, leaving, markers, reaching, withholding
from chalicelib.notices.events import consumer
from chalicelib.notices.media.service import ALWAYS, usage
from chalicelib.notices.model.letters import Letter, Sent
from chalicelib.notices.model.notices import DECLARED, Category, Telling, Told, Urgency
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients import service as recipients
from chalicelib.notices.recipients.model import Channel, MessageSettings, Preferences, Recipient
from chalicelib.notices.records import ConfirmedBrand, NoticeRecord
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.templates.service import composing, digests
from chalicelib.tenancy import Brand
from tests.faults import Killed

TENANT = derived_id("a brand that tells")
LI = Person.member(derived_id("Li"))
NOON = datetime(2026, 5, 5, 4, tzinfo=UTC)
"""In Shanghai, where the brand and its people live."""


@dataclass(frozen=True)
class _Said:
    """As a notice is; none of those that the product knows, which other tests list."""

    text: str
    template: ClassVar[str]

    @property
    def facts(self) -> dict[str, Any]:
        return {"text": self.text}


def _kind(name: str, category: Category, urgency: Urgency = Urgency.KNOW) -> Any:
    texts = {"en": (name, f"{name}: {{text}}"), "zh": (name, f"{name}：{{text}}")}
    return type(
        name, (_Said,), {"template": name, "telling": Telling(category, urgency, about="order"), "texts": texts}
    )


ORDER = _kind("an_order", Category.ORDER, Urgency.ACT)
PAID = _kind("paid", Category.MONEY)
SERVICE = _kind("a_service", Category.SERVICE)
SERVICE_ACT = _kind("a_service_to_act", Category.SERVICE, Urgency.ACT)
NEWS = _kind("news", Category.NEWS)
KINDS = (ORDER, PAID, SERVICE, SERVICE_ACT, NEWS)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a provider took."""

    channel: Channel
    to: str
    text: str
    at: datetime


def without_a_tenant(patch: pytest.MonkeyPatch) -> None:
    """Letters of brands that nobody signed up: they have a name, and no words of their own."""
    for module in (composing, digests, usage, recipients):
        patch.setattr(module, "brand_of", lambda _: Brand("Linli", "Asia/Shanghai", "CNY", "zh"))
    patch.setattr(composing, "own_words", lambda *_: None)


@pytest.fixture
def brandless(monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_tenant(monkeypatch)


@dataclass
class Outbox:
    """``now`` moves as the test says; what a worker fails at stays in the queue, which gives up after five times."""

    patch: pytest.MonkeyPatch
    now: datetime = NOON
    settings: MessageSettings = field(default_factory=MessageSettings)
    people: dict[Person, Recipient] = field(default_factory=dict)
    shut: set[Channel] = field(default_factory=set)
    failing: dict[Channel, Exception] = field(default_factory=dict)
    arrived: list[Arrived] = field(default_factory=list)
    queue: list[tuple[Message, int]] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for kind in KINDS:
            self.patch.setitem(DECLARED, kind.template, kind)
        for channel in ("email", "sms", "official_account"):
            self.patch.setitem(ALWAYS, channel, self._provider(channel))
        for module in (addresses, leaving, markers, withholding):
            if hasattr(module, "count"):
                self.patch.setattr(module, "count", self._count)
        without_a_tenant(self.patch)
        # What is remembered of a brand for a minute stays so: a test of faults counts its requests.
        self.patch.setattr(remembering, "monotonic", lambda: 0.0)
        self.patch.setattr(reaching, "find", lambda _, person: self.people.get(person))
        self.patch.setattr(reaching, "message_settings", lambda _: self.settings)
        self.patch.setattr(reaching, "suppressed", lambda *_: frozenset(self.shut))
        with tenant_scope(TENANT):
            tx = Transaction()
            tx.put("brand", ConfirmedBrand(*ConfirmedBrand.address(TENANT)))
            tx.commit()

    def _count(self, name: str, value: int) -> None:
        self.counted[name] += value

    def _provider(self, channel: Channel) -> Any:
        def take(to: str, letter: Letter) -> Sent:
            if fault := self.failing.get(channel):
                raise fault
            self.arrived.append(Arrived(channel, to, letter.text, self.now))
            return Sent("its id")

        return take

    def person(self, person: Person = LI, zone: str = "Asia/Shanghai", **known: Any) -> Recipient:
        """Somebody with an e-mail, unless said otherwise, who has consented to news."""
        wishes = known.pop("preferences", Preferences(marketing=True))
        known = {"email": f"{person.id[-6:].lower()}@people.example"} | known
        self.people[person] = Recipient(person, "en", zone, preferences=wishes, **known)
        return self.people[person]

    def wishes(self, **changes: Any) -> None:
        """What Li asked for."""
        li = self.people[LI]
        self.people[LI] = replace(li, preferences=replace(li.preferences, **changes))

    def put(self, kind: Any, text: str, person: Person = LI) -> str:
        """Queues a notice; answers the id of its message."""
        message_id = derived_id("message", kind.template, text, str(person))
        told = Told.of(kind(text), person, derived_id("what it is about"))
        self.queue.append((Message(message_id, "notify.tell", TENANT, self.now, told.as_json()), 0))
        return message_id

    def tell(self, kind: Any, text: str, person: Person = LI) -> str:
        """Queues a notice, and works everything off that is queued."""
        message_id = self.put(kind, text, person)
        self.work()
        return message_id

    def work(self) -> None:
        """Hands each queued message to a worker, once."""
        queue, self.queue = self.queue, []
        for message, received in queue:
            try:
                consumer.handle(message, self.now)
            except (Exception, Killed):  # noqa: BLE001 - as the queue, which brings it again
                if received + 1 < 5:
                    self.queue.append((message, received + 1))
                else:
                    self.dead.append(message)

    def sweep(self) -> None:
        """Brings what is due; what fails is due still."""
        for message in self.due():
            with suppress(Exception, Killed):
                consumer.handle(message, self.now)

    def due(self) -> list[Message]:
        with platform_scope():
            shards = range(DUE_SHARDS["due"])
            return [_message(item) for shard in shards for item in _due(f"due#{shard}", self.now)]

    def pass_time(self, until: datetime | None = None, step: timedelta = timedelta(minutes=1), **units: float) -> None:
        """Lets the clock go on, with the queue and the sweep at work."""
        end = until or self.now + timedelta(**units)
        while self.now < end:
            self.now = min(self.now + step, end)
            self.work()
            self.sweep()

    def marker(self, message_id: str) -> NoticeRecord:
        with tenant_scope(TENANT):
            found = NoticeRecord.fetch(*NoticeRecord.address(TENANT, message_id), consistent=True)
        assert found
        return found

    def held(self, person: Person = LI) -> list[str]:
        with tenant_scope(TENANT):
            return [str(each.told.facts["text"]) for each in HeldRecord.of(TENANT, person).held]

    def ways(self) -> list[Channel]:
        return [each.channel for each in self.arrived]

    def texts(self) -> list[str]:
        return [each.text for each in self.arrived]


@pytest.fixture
def outbox(engine: object) -> Iterator[Outbox]:
    """Li, with an e-mail, and providers that work."""
    with pytest.MonkeyPatch.context() as patch:
        made = Outbox(patch)
        made.person()
        yield made
