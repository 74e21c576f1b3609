"""The team writes a journey, and changes its draft."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.db import Transaction, change, check_revision
from chalicelib.journeys.errors import (
    JourneyEnded,
    JourneyRefused,
)
from chalicelib.journeys.model.journeys import Definition, Status, check_words
from chalicelib.journeys.records import JourneyRecord, VersionRecord
from chalicelib.journeys.service.reading import get_journey
from chalicelib.journeys.service.uses import faults_of_names
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.tenants.service.audit import audit


def create(
    tenant_id: str, title: str, definition: Definition, by: Principal, now: datetime, ready_made: str | None = None
) -> JourneyRecord:  # fmt: skip
    """Writes a draft. Raises JourneyRefused for words that cannot be sent, or a segment or tag that is not there."""
    check_words(definition)
    refuse(list(faults_of_names(tenant_id, definition)))
    journey_id = new_id(now)
    journey = JourneyRecord(
        *JourneyRecord.address(tenant_id, journey_id),
        id=journey_id, title=title, created_at=now, created_by=by.label, ready_made=ready_made,
    )  # fmt: skip
    journey.draft = definition
    tx = Transaction()
    tx.create("journey", journey)
    audit(tx, tenant_id, by, "journey.created", f"journey:{journey_id}", now, {"title": title})
    tx.commit()
    return journey


def edit(
    tenant_id: str, journey_id: str, title: str | Unset, changes: Callable[[Definition], Definition],
    if_match: int | None, by: Principal, now: datetime,
) -> JourneyRecord:  # fmt: skip
    """Changes the draft; of a journey that is published it begins as the next version, and who is inside goes on in
    theirs. A title alone changes at once. Raises NotFound, Stale, JourneyEnded, JourneyRefused.
    """

    def decide(journey: JourneyRecord, tx: Transaction) -> JourneyRecord:
        check_revision(journey, if_match)
        check_goes_on(journey)
        standing = draft_of(journey)
        wanted = changes(standing)
        check_words(wanted)
        if wanted != standing:
            refuse(list(faults_of_names(tenant_id, wanted)))
        told: dict[str, Any] = {}
        if title is not UNSET and title != journey.title:
            journey.title = told["title"] = title
        if wanted != standing:
            journey.draft = wanted
            told["draft"] = True
        if told:
            tx.replace("journey", journey)
            audit(tx, tenant_id, by, "journey.changed", f"journey:{journey_id}", now, told)
        return journey

    return change(lambda: get_journey(tenant_id, journey_id), decide)


def draft_of(journey: JourneyRecord) -> Definition:
    """What the next version is to be: the draft, or what is published where there is none."""
    draft = journey.draft
    if draft is not None:
        return draft
    place = VersionRecord.address(journey.tenant_id, journey.id, int(journey.version))
    version = VersionRecord.fetch(*place, consistent=True)
    if version is None:
        raise LookupError(f"journey {journey.id} has neither a draft nor version {journey.version}")
    return version.definition


def check_goes_on(journey: JourneyRecord) -> None:
    """Raises JourneyEnded."""
    if journey.status == Status.ENDED:
        raise JourneyEnded(
            "The journey has ended; make a new one.", detail_zh="该旅程已结束，请新建旅程。"
        )  # fmt: skip


def refuse(faults: Sequence[FieldError]) -> None:
    """Raises JourneyRefused with all faults, where there are any."""
    if faults:
        raise JourneyRefused(faults[0].message, detail_zh=faults[0].message_zh, errors=tuple(faults))
