"""Queues as they may be: every message that may lead to a notice comes twice, and all that wait in any order."""

import random
import re
from typing import Any

from chalicelib.kernel import clock
from chalicelib.notices.model.catalogue import every_notice
from chalicelib.notices.model.sms import plainer
from infra.local.pump import Pump
from infra.local.sources import QueueSource, sqs_record

_MOST_ROUNDS = 200
_ELSEWHERE = {"insight", "imports", "rollup", "settlement"}
"""Queues from which nobody is told anything; that they bear a second delivery is tested with them."""


class TwiceAndShuffled:
    """Works streams and queues off until nothing is left, by the real functions."""

    def __init__(self, pump: Pump, seed: str) -> None:
        self._pump, self._random = pump, random.Random(seed)
        self.delivered = 0

    def settle(self, sweeps: int = 1) -> None:
        """Everything that has happened comes to everybody; also what becomes due by that."""
        self._drain()
        for _ in range(sweeps):
            for schedule in self._pump.schedules:
                if schedule.function == "sweep":
                    self._pump.run_schedule(schedule, clock.now())
            self._drain()

    def _drain(self) -> None:
        for _ in range(_MOST_ROUNDS):
            while sum(self._pump.take_stream(stream) for stream in self._pump.streams):
                pass
            queues = self._pump.engine.work()["queues"]
            if not any(queues.values()):
                return
            sources = [source for source in self._pump.queues if queues.get(source.queue.name, {}).get("ready")]
            waiting = [(source, message) for source in sources for message in self._received(source)]
            if not waiting:
                self._pump.engine.show_hidden()
            twice = waiting + [each for each in waiting if _leads_to_notices(each[0])]
            self._random.shuffle(twice)
            failed = {message["MessageId"] for source, message in twice if not self._deliver(source, message)}
            for source in sources:
                self._end(source, [message for of, message in waiting if of is source], failed)
        raise AssertionError(f"still busy: {self._pump.pending()}")

    def _received(self, source: QueueSource) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) % 10 == 0:
            more = self._pump._sqs.receive_message(
                QueueUrl=source.queue.url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
            ).get("Messages", [])
            if not more:
                break
            found += more
        return found

    def _deliver(self, source: QueueSource, message: dict[str, Any]) -> bool:
        self.delivered += 1
        event = {"Records": [sqs_record(message, source.queue)]}
        return not self._pump._call(source.function, event, [message["MessageId"]])

    def _end(self, source: QueueSource, messages: list[dict[str, Any]], failed: set[str]) -> None:
        """What was handled leaves the queue; the rest shows again at once, until it would become a dead letter."""
        done = [message for message in messages if message["MessageId"] not in failed]
        for start in range(0, len(done), 10):
            entries = [
                {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
                for n, message in enumerate(done[start : start + 10])
            ]
            self._pump._sqs.delete_message_batch(QueueUrl=source.queue.url, Entries=entries)
        for message in messages:
            if message["MessageId"] in failed:
                assert int(message["Attributes"]["ApproximateReceiveCount"]) < source.queue.receives, message["Body"]
                self._pump._sqs.change_message_visibility(
                    QueueUrl=source.queue.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )


def _leads_to_notices(source: QueueSource) -> bool:
    return source.function.removesuffix("_worker") not in _ELSEWHERE


def _pattern(text: str) -> re.Pattern[str]:
    """A fact may be empty, or end in a bracket: the spaces beside it are not always there."""
    return re.compile(re.sub(r"(\\ )?\\\{\w+\\\}(\\ )?", ".*?", re.escape(text)), re.DOTALL)


_SAID = sorted(
    (
        (len(re.sub(r"\{\w+\}", "", text)), template, language, _pattern(text))
        for template, kind in every_notice().items()
        for language, (_, printed) in kind.texts.items()
        for text in {printed, plainer(printed)}
    ),
    key=lambda each: -each[0],
)
"""What notices say, those with the most words of their own first."""


def recognised(text: str) -> tuple[str, str]:
    """Which notice a message is, and in which language."""
    for _, template, language, pattern in _SAID:
        if pattern.match(text):
            return template, language
    raise AssertionError(f"no notice says {text!r}")
