"""All members of a brand enter a journey for one cause, slice by slice; a crowd waits while its journey is paused."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.journeys.model.journeys import Status
from chalicelib.journeys.model.steps import Trigger
from chalicelib.journeys.records import CrowdRecord, JourneyRecord
from chalicelib.journeys.service.entering import TOGETHER, enter
from chalicelib.journeys.service.reading import Running, get_journey, running
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.service.members import members_by_ordinal

SLICE = 300
"""Members of a crowd whom one message brings in: what is held of them in memory is the same for a brand of any size."""


def everybody_enters(tenant_id: str, begins: Callable[[Trigger], bool], cause: str, now: datetime) -> None:
    """All members enter each running journey that begins so, slice by slice in the background."""
    for each in running(tenant_id, begins):
        place = CrowdRecord.address(tenant_id, each.journey_id, cause)

        def decide(found: CrowdRecord | None, tx: Transaction, each: Running = each) -> None:
            if found is None:
                crowd = CrowdRecord(
                    *CrowdRecord.address(tenant_id, each.journey_id, cause),
                    journey_id=each.journey_id, cause=cause, total=ordinals_given(tenant_id),
                )  # fmt: skip
                crowd.go_on(now)
                tx.create("crowd", crowd)

        change(lambda place=place: CrowdRecord.fetch(*place, consistent=True), decide)  # type: ignore[misc]


def crowd_goes_on(tenant_id: str, journey_id: str, cause: str, now: datetime) -> None:
    """The next members of a crowd enter. A message that comes twice brings nobody in twice. While the journey is paused
    they wait for it to be resumed; once it has ended nobody enters any more.
    """
    crowd = CrowdRecord.fetch(*CrowdRecord.address(tenant_id, journey_id, cause), consistent=True)
    if crowd is None or crowd.next >= crowd.total or crowd.waits(now):
        return
    journey = next((each for each in running(tenant_id, lambda _: True) if each.journey_id == journey_id), None)
    if journey is None:
        _waits(crowd, now)
        return
    start = int(crowd.next)
    end = min(start + SLICE, int(crowd.total))
    for first in range(start, end, TOGETHER):
        members = members_by_ordinal(tenant_id, range(first, min(first + TOGETHER, end)))
        enter(journey, members, cause, now)

    def decide(found: CrowdRecord | None, tx: Transaction) -> None:
        if found is not None and int(found.next) == start:
            found.next = end
            found.go_on(now)
            tx.replace("crowd", found)

    change(lambda: CrowdRecord.fetch(str(crowd.pk), str(crowd.sk), consistent=True), decide)


def _waits(crowd: CrowdRecord, now: datetime) -> None:
    """Has a crowd wait for its journey, or end with it; where that was resumed at this moment it goes on."""
    start, tenant_id, journey_id = int(crowd.next), crowd.tenant_id, str(crowd.journey_id)

    def read() -> tuple[CrowdRecord | None, JourneyRecord]:
        found = CrowdRecord.fetch(str(crowd.pk), str(crowd.sk), consistent=True)
        return found, get_journey(tenant_id, journey_id)

    def decide(read: tuple[CrowdRecord | None, JourneyRecord], tx: Transaction) -> None:
        found, journey = read
        if found is None or int(found.next) != start or found.goes_on_at is None:
            return
        if journey.status == Status.PAUSED:
            found.park(now)
        elif journey.status == Status.ENDED:
            found.stop()
        else:
            found.go_on(now)
        place = JourneyRecord.address(tenant_id, journey_id)
        tx.check("journey", JourneyRecord, *place, JourneyRecord.status == str(journey.status))
        tx.replace("crowd", found)

    change(read, decide)


def resume_crowds(tenant_id: str, journey_id: str, now: datetime) -> None:
    """Wakes the crowds that wait for a journey."""
    for found in CrowdRecord.every(CrowdRecord.parked_of(tenant_id, journey_id), index="gsi2"):

        def decide(crowd: CrowdRecord | None, tx: Transaction) -> None:
            if crowd is not None and crowd.parked:
                crowd.go_on(now)
                tx.replace("crowd", crowd)

        place = str(found.pk), str(found.sk)
        change(lambda place=place: CrowdRecord.fetch(*place, consistent=True), decide)  # type: ignore[misc]
