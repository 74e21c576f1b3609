"""What people are told, as it is queued for each of them: whoever tests a notice need not wait for its delivery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from ulid import ULID

from chalicelib.db import TenantRecord
from chalicelib.kernel.language import Language
from chalicelib.messaging import Consumer, Message
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.facts import said
from chalicelib.notices.model.notices import Told
from chalicelib.notices.telling import service
from chalicelib.notices.templates.model.wording import Wording

SHANGHAI = ZoneInfo("Asia/Shanghai")


def events_of(record: TenantRecord) -> list[Message]:
    """The events that ride on a record's last write, as the relay publishes them."""
    return [
        Message(each["i"], each["t"], record.tenant_id, ULID.from_str(each["i"]).datetime, each.get("d", {}))
        for each in record.outbox or []
    ]


def hand_over(consumer: Consumer, messages: Sequence[Message], now: datetime) -> None:
    """Hands a worker those of some events that it wants: twice, the second time in another order."""
    wanted = [each for each in messages if each.type in consumer.event_types]
    for each in (*wanted, *reversed(wanted)):
        consumer.handle(each, now)


@dataclass
class Hearing:
    """Everything that is told from now on, once for each message; ``names`` are those of the people, by id."""

    names: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begin(cls, monkeypatch: pytest.MonkeyPatch, **people: str) -> Hearing:
        """``people`` are ids by name."""
        hearing = cls({identifier: name for name, identifier in people.items()})
        monkeypatch.setattr(service, "publish", hearing._take)
        monkeypatch.setattr(service, "publish_all", hearing._take_all)
        return hearing

    def _take_all(self, queue: str, messages: Sequence[Message], together: Collection[str] = ()) -> list[int]:
        for message in messages:
            self._take(queue, message)
        return []

    def _take(self, queue: str, message: Message) -> None:
        self.messages.setdefault(message.id, message)
        self.times[message.id] += 1

    def told(self, *templates: str) -> list[tuple[str, Told]]:
        """Who was told what, of these notices or of all, in the order of telling."""
        found = [Told.from_json(message.data) for message in self.messages.values() if message.type == "notify.tell"]
        return [
            (self.names.get(each.person.id, "?"), each) for each in found if each.template in templates or not templates
        ]

    def who(self, *templates: str) -> list[tuple[str, str]]:
        """Names and notices, sorted."""
        return sorted((name, each.template) for name, each in self.told(*templates))

    def texts(self, *templates: str, language: Language = "en", tz: ZoneInfo = SHANGHAI) -> list[tuple[str, str, str]]:
        """Name, subject and text of each, sorted."""
        found = []
        for name, each in self.told(*templates):
            facts = {fact: said(value, language, tz) for fact, value in each.facts.items()}
            subject, text = (Wording.parse(words).fill(facts) for words in notice_of(each.template).texts[language])
            found.append((name, subject, text))
        return sorted(found)
