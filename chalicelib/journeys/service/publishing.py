"""The team publishes a journey, holds it, lets it go on, and ends it."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.coupons.records import BatchRecord
from chalicelib.db import Transaction, change, check_revision
from chalicelib.db.batch import fetch_many
from chalicelib.journeys.errors import NothingToPublish, NotPublished, TooManyJourneys
from chalicelib.journeys.model.journeys import MOST_RUNNING, Definition, Status, batches, check_publishable
from chalicelib.journeys.records import RESUMING, JourneyRecord, PublishedRecord, VersionRecord
from chalicelib.journeys.service.editing import check_goes_on, refuse
from chalicelib.journeys.service.feeding import check_feeds_none, hold_segments
from chalicelib.journeys.service.reading import get_journey
from chalicelib.journeys.service.results import first_look
from chalicelib.journeys.service.uses import faults_of_names
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def publish(
    tenant_id: str, journey_id: str, if_match: int | None, by: Principal, now: datetime
) -> JourneyRecord:  # fmt: skip
    """The draft is the next version, in which whoever enters from now on goes. Raises NotFound, Stale, JourneyEnded,
    NothingToPublish, TooManyJourneys, and JourneyRefused for what cannot be.
    """
    tenant = get_tenant(tenant_id)

    def decide(read: tuple[JourneyRecord, PublishedRecord, bool], tx: Transaction) -> JourneyRecord:
        journey, index, is_new = read
        check_revision(journey, if_match)
        draft = _publishable(tx, journey, index, now)
        version = _next_version(journey, draft, tenant.timezone, by, now)
        journey.version, journey.draft = version.number, None
        journey.published_at = journey.published_at or now
        if journey.status == Status.DRAFT:
            journey.status = Status.RUNNING.value
        if journey.status == Status.RUNNING:
            check_feeds_none(tx, journey, draft, index)
            _lists(index, journey, draft)
        tx.create("version", version)
        tx.replace("journey", journey)
        _put(tx, index, is_new)
        audit(tx, tenant_id, by, "journey.published", f"journey:{journey_id}", now, {"version": version.number})
        return journey

    return change(lambda: (get_journey(tenant_id, journey_id), *_index(tenant_id)), decide)


def _publishable(tx: Transaction, journey: JourneyRecord, index: PublishedRecord, now: datetime) -> Definition:
    """The draft of a journey that may be published, while what it names is there."""
    check_goes_on(journey)
    draft = journey.draft
    if draft is None:
        raise NothingToPublish(
            "There is nothing new to publish: change it first.", detail_zh="没有可发布的改动，请先修改。"
        )
    check_publishable(draft)
    hold_segments(tx, journey.tenant_id, draft)
    _check_known(journey.tenant_id, draft, now)
    _check_room(journey, index)
    return draft


def _check_room(journey: JourneyRecord, index: PublishedRecord) -> None:
    """Raises TooManyJourneys where as many others run as may run at once."""
    if len(index.running.keys() - {journey.id}) >= MOST_RUNNING:
        raise TooManyJourneys(
            f"At most {MOST_RUNNING} journeys run at once; end one that you need no more.",
            detail_zh=f"最多同时运行 {MOST_RUNNING} 个旅程，请先结束不需要的旅程。",
        )


def _next_version(
    journey: JourneyRecord, draft: Definition, timezone: str, by: Principal, now: datetime
) -> VersionRecord:
    """What is published, looked at for its verdict where it leaves some alone."""
    version = VersionRecord(
        *VersionRecord.address(journey.tenant_id, journey.id, int(journey.version) + 1),
        stored=draft.as_json(), published_at=now, published_on=local_date(now, zone(timezone)),
        published_by=by.label,
    )  # fmt: skip
    if draft.control_bps:
        version.looks_at = first_look(version, timezone)
    return version


def pause(tenant_id: str, journey_id: str, if_match: int | None, by: Principal, now: datetime) -> JourneyRecord:
    """Nobody enters, and who is inside waits, until it is resumed. Raises NotFound, Stale, JourneyEnded,
    NotPublished.
    """
    return _turn(tenant_id, journey_id, Status.PAUSED, if_match, by, now)


def resume(tenant_id: str, journey_id: str, if_match: int | None, by: Principal, now: datetime) -> JourneyRecord:
    """Members enter again, and who is inside goes on where they were held. Raises as :func:`pause`, TooManyJourneys,
    and JourneyRefused for one that would begin itself again by way of those that run by now.
    """
    return _turn(tenant_id, journey_id, Status.RUNNING, if_match, by, now)


def end(tenant_id: str, journey_id: str, if_match: int | None, by: Principal, now: datetime) -> JourneyRecord:
    """Ends it for good: nobody enters, and nobody goes on. Raises NotFound, Stale, NotPublished."""
    return _turn(tenant_id, journey_id, Status.ENDED, if_match, by, now)


_DONE = {Status.PAUSED: "journey.paused", Status.RUNNING: "journey.resumed", Status.ENDED: "journey.ended"}


def _turn(
    tenant_id: str, journey_id: str, to: Status, if_match: int | None, by: Principal, now: datetime
) -> JourneyRecord:
    def decide(read: tuple[JourneyRecord, PublishedRecord, bool], tx: Transaction) -> JourneyRecord:
        journey, index, is_new = read
        check_revision(journey, if_match)
        if journey.status == to:
            return journey
        check_goes_on(journey)
        if journey.status == Status.DRAFT and to is not Status.ENDED:
            raise NotPublished("Publish the journey first.", detail_zh="请先发布该旅程。")
        journey.status = to.value
        if to is Status.ENDED:
            journey.ended_at, journey.draft = now, journey.draft if not journey.version else None
        if to is Status.RUNNING:
            place = VersionRecord.address(tenant_id, journey_id, int(journey.version))
            version = VersionRecord.fetch(*place, consistent=True)
            if version is not None:
                _check_room(journey, index)
                hold_segments(tx, tenant_id, version.definition)
                check_feeds_none(tx, journey, version.definition, index)
                _lists(index, journey, version.definition)
        else:
            index.running = {name: said for name, said in index.running.items() if name != journey_id}
        if to is not Status.PAUSED:
            journey.emit(RESUMING, now, journey_id=journey_id)
        tx.replace("journey", journey)
        _put(tx, index, is_new)
        audit(tx, tenant_id, by, _DONE[to], f"journey:{journey_id}", now)
        return journey

    return change(lambda: (get_journey(tenant_id, journey_id), *_index(tenant_id)), decide)


def _index(tenant_id: str) -> tuple[PublishedRecord, bool]:
    place = PublishedRecord.address(tenant_id)
    found = PublishedRecord.fetch(*place, consistent=True)
    return found or PublishedRecord(*place), found is None


def _lists(index: PublishedRecord, journey: JourneyRecord, definition: Definition) -> None:
    """Has events find a journey that runs."""
    said = {"version": int(journey.version), "trigger": definition.trigger.as_json()}
    index.running = {**index.running, journey.id: said}


def _put(tx: Transaction, index: PublishedRecord, is_new: bool) -> None:
    if is_new:
        tx.create("index", index)
    else:
        tx.replace("index", index)


def _check_known(tenant_id: str, draft: Definition, now: datetime) -> None:
    """Raises JourneyRefused for a segment, tag, tier or batch of coupons that is not there, or gives nothing any
    more.
    """
    faults = list(faults_of_names(tenant_id, draft))
    if draft.trigger.kind == "tier_reached":
        tiers, _ = get_tiers(tenant_id)
        if draft.trigger.tier not in {each.code for each in tiers.tiers}:
            faults.append(FieldError("/trigger/tier", "There is no such tier; choose one.", "没有该等级，请选择。"))
    named: Sequence[tuple[int, str]] = batches(draft)
    places = [(BatchRecord, *BatchRecord.address(tenant_id, batch_id)) for _, batch_id in named]
    for (at, _), batch in zip(named, fetch_many(places) if places else [], strict=True):
        if batch is None:
            said = "There is no such batch of coupons; choose one.", "没有该批次的优惠券，请选择。"
        elif batch.paused or batch.validity.over(now):
            said = "Nothing of these coupons is given any more; choose others.", "该批次优惠券已停发，请选择其他批次。"
        else:
            continue
        faults.append(FieldError(f"/steps/{at}/batch_id", *said))
    refuse(faults)
