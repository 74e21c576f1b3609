"""Workers that end right after a write: of those that tell a thing, or bring a message, each gets a write further."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.aws import client
from chalicelib.notices.delivery.model import LEASE
from chalicelib.notices.inbox.model import belongs_in_inbox
from infra.local.pump import Pump
from infra.local.sources import QueueSource
from tests.conftest import Clock
from tests.faults import Killed, transport
from tests.notices.told.delivery import TwiceAndShuffled
from tests.notices.told.table import Heard
from tests.notices.told.world import World

MORTAL = frozenset({"service_worker", "notify_worker"})
"""Who decides what is told to whom, and who brings it."""

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
_QUEUED = frozenset({"SendMessage", "SendMessageBatch"})
_CLAIMS = 4
"""A letter is claimed by its first worker, and by those that end when the provider has it and when that is noted."""


class Dying(TwiceAndShuffled):
    """As that, by mortal workers: the first that a message comes to ends after one write, the next after two, until one
    gets through. What a claim was left on waits for it to run out, and is brought by the sweep.
    """

    def __init__(self, pump: Pump, seed: str, clock: Clock) -> None:
        super().__init__(pump, seed)
        self._clock = clock
        self._writes_left: int | None = None
        self.lives: Counter[str] = Counter()

    @property
    def ended(self) -> int:
        """How many workers have."""
        return self.lives.total()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Lets all writes pass by here, and all letters."""
        with pytest.MonkeyPatch.context() as patch:
            carriers = {"dynamodb": transport()}
            carriers |= {name: client(name)._endpoint.http_session for name in ("sqs", "ses", "sns")}
            for carrier in carriers.values():
                patch.setattr(carrier, "send", partial(self._send, onward=carrier.send))
            yield

    def settle(self, sweeps: int = 1) -> None:
        super().settle(sweeps)
        for _ in range(_CLAIMS):
            self._clock.advance(seconds=(LEASE + timedelta(seconds=1)).total_seconds())
            super().settle(1)

    def _deliver(self, source: QueueSource, message: dict[str, Any]) -> bool:
        if source.function not in MORTAL:
            return super()._deliver(source, message)
        of = _concerns(message)
        while True:
            self._writes_left = self.lives[of]
            try:
                return super()._deliver(source, message)
            except Killed:
                self.lives[of] += 1
            finally:
                self._writes_left = None

    def _send(self, request: Any, onward: Any) -> Any:
        answer = onward(request)
        if self._writes_left is not None and _is_write(request):
            self._writes_left -= 1
            if self._writes_left < 0:
                self._writes_left = None
                raise Killed
        return answer


def _concerns(message: dict[str, Any]) -> str:
    """The id of the message, of the first of a bundle or, of what the sweep brings, of the notice that is due."""
    body = json.loads(message["Body"])
    first = body[0] if isinstance(body, list) else body
    due: str = first["data"].get("pk", "")
    return due.rpartition("#")[2] or str(first["id"])


def _is_write(request: Any) -> bool:
    target = request.headers.get("X-Amz-Target", b"")
    operation = (target.decode() if isinstance(target, bytes) else str(target)).partition(".")[2]
    return not operation or operation in _WRITES | _QUEUED  # SES and SNS name no operation there, and only send


class DyingWorld(World):
    """The same people, whose letters may come again: ``doubled`` says how many did."""

    doubled = 0

    def heard(self, sweeps: int = 1) -> Heard:
        """What was sent, however often; nobody asks how often here."""
        return self.came(sweeps)[0]

    def told_as(self, row: Heard) -> dict[str, Heard]:
        """What the inboxes and the letters say otherwise than a row: nothing, where everybody heard in their inbox
        once, by their medium at least once, and nobody else.
        """
        letters, inboxes = self.came()
        by_letter = Heard({key: times for key, times in row.items() if key[1] != "inbox"})
        in_inbox: Counter[tuple[str, str]] = Counter()
        persons = self._persons()
        for (who, _, template), times in row.items():
            in_inbox[who, template] += times * (belongs_in_inbox(template) and who in persons)
        self.doubled += (letters - by_letter).total()
        nobody_elses = Heard({key: times for key, times in letters.items() if key not in by_letter})
        wrong = {
            "letters missing": by_letter - letters,
            "letters too much": nobody_elses,
            "inboxes": Heard({
                (who, "inbox", template): times - in_inbox[who, template]
                for (who, template), times in (inboxes | in_inbox).items()
                if inboxes[who, template] != in_inbox[who, template]
            }),
        }  # fmt: skip
        return {what: found for what, found in wrong.items() if found}
