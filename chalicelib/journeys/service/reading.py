"""Which journeys run, and what they begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.db import Page
from chalicelib.journeys.model.steps import Trigger
from chalicelib.journeys.records import JourneyRecord, PublishedRecord, VersionRecord
from chalicelib.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Running:
    """A journey that runs, in the version that is published."""

    journey_id: str
    version: int
    trigger: Trigger


def published(tenant_id: str) -> PublishedRecord | None:
    """What the brand's journeys begin with, as it stands now; None for a brand that never had one."""
    return PublishedRecord.fetch(*PublishedRecord.address(tenant_id), consistent=True)


def running(tenant_id: str, begins: Callable[[Trigger], bool]) -> list[Running]:
    """The journeys that run and begin with what is asked for, in one read."""
    found = published(tenant_id)
    every = [
        Running(journey_id, said["version"], Trigger(**said["trigger"]))
        for journey_id, said in sorted((found.running if found else {}).items())
    ]
    return [each for each in every if begins(each.trigger)]


def quiet_lengths(tenant_id: str) -> set[int]:
    """After how many days without an order members are asked for, so that a journey begins."""
    return {each.trigger.days for each in running(tenant_id, lambda t: t.kind == "quiet") if each.trigger.days}


def get_journey(tenant_id: str, journey_id: str) -> JourneyRecord:
    """A journey, as it stands now. Raises NotFound."""
    found = JourneyRecord.fetch(*JourneyRecord.address(tenant_id, journey_id), consistent=True)
    if found is None:
        raise NotFound("There is no such journey.", detail_zh="没有该旅程。")
    return found


def get_version(tenant_id: str, journey_id: str, version: int) -> VersionRecord:
    """A version as it was published. Raises NotFound."""
    found = VersionRecord.fetch(*VersionRecord.address(tenant_id, journey_id, version), consistent=True)
    if found is None:
        raise NotFound("There is no such version of the journey.", detail_zh="没有该旅程版本。")
    return found


def list_journeys(
    tenant_id: str, status: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[JourneyRecord]:  # fmt: skip
    """The brand's journeys, or those of a status, newest first."""
    where = JourneyRecord.status == status if status else None
    partition = JourneyRecord.of_tenant(tenant_id)
    return JourneyRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where)
