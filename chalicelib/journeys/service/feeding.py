"""No journey begins itself again by what it does, alone or by way of others: not as it is published or resumed, nor by
a rule of a segment that is changed while it runs.
"""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.db import Transaction, fetch_many
from chalicelib.journeys.errors import JourneyRefused
from chalicelib.journeys.model.journeys import Definition, segments, tags
from chalicelib.journeys.model.rings import ring_of
from chalicelib.journeys.model.steps import Points
from chalicelib.journeys.records import JourneyRecord, PublishedRecord, VersionRecord
from chalicelib.journeys.service.reading import published
from chalicelib.kernel.errors import FieldError
from chalicelib.segments.model.membership import Defined
from chalicelib.segments.model.uses import Objection
from chalicelib.segments.records import SegmentsRecord
from chalicelib.segments.service.reading import all_segments


def hold_segments(tx: Transaction, tenant_id: str, definition: Definition) -> None:
    """Holds a transaction to the brand's segments, their rules and its tags as they are from now on, before they are
    read. A definition that names none costs no read.
    """
    if segments(definition) or tags(definition):
        edition = int(SegmentsRecord.at(tenant_id).edition)
        place = SegmentsRecord.address(tenant_id)
        tx.check("rules of segments", SegmentsRecord, *place, SegmentsRecord.edition == edition)


def check_feeds_none(tx: Transaction, journey: JourneyRecord, definition: Definition, index: PublishedRecord) -> None:
    """Raises JourneyRefused, which names them, where a journey that is to run would be begun again by what it does, or
    by what others do that it begins; the transaction is held to segments as they are, see :func:`hold_segments`. One
    that gives neither tags nor points, or does not begin with a segment, costs no read.
    """
    gives = tags(definition) or any(isinstance(each, Points) for each in definition.steps)
    if not gives or definition.trigger.segment_id is None:
        return
    tenant_id = journey.tenant_id
    standing = all_segments(tenant_id)
    running = _running(index, but=journey.id)
    ring = ring_of(journey.id, {**running, journey.id: definition}, [each.defined for each in standing])
    if ring:
        begins = {each.id: str(each.title) for each in standing}[definition.trigger.segment_id]
        said, said_zh = _refused([str(journey.title), *_titles(tenant_id, ring[1:])], begins)
        raise JourneyRefused(said, detail_zh=said_zh, errors=(FieldError("/trigger/segment_id", said, said_zh),))


def objections_to(
    tenant_id: str, before: Sequence[Defined], after: Sequence[Defined], tx: Transaction
) -> list[Objection]:
    """Why rules of segments may not be changed so: journeys that run would begin themselves again by it. Else the
    transaction holds for the journeys that run now. One that did already is no reason to refuse another change.
    """
    index, place = published(tenant_id), PublishedRecord.address(tenant_id)
    if index is None:
        tx.check("running journeys", PublishedRecord, *place, PublishedRecord.pk.does_not_exist())
        return []
    running = _running(index)
    for journey_id in sorted(running):
        ring = ring_of(journey_id, running, after)
        if ring and not ring_of(journey_id, running, before):
            return [_objection(_titles(tenant_id, ring))]
    tx.check("running journeys", PublishedRecord, *place, PublishedRecord.rev == int(index.rev))
    return []


def _running(index: PublishedRecord, but: str = "") -> Mapping[str, Definition]:
    """The journeys that run, by id, as they are published; of those alone that may be in a ring."""
    places = [
        (VersionRecord, *VersionRecord.address(index.tenant_id, journey_id, said["version"]))
        for journey_id, said in index.running.items()
        if journey_id != but and said["trigger"].get("segment_id")
    ]
    found = fetch_many(places, consistent=True) if places else []
    return {each.journey_id: each.definition for each in found if each is not None}


def _titles(tenant_id: str, journey_ids: Iterable[str]) -> list[str]:
    places = [(JourneyRecord, *JourneyRecord.address(tenant_id, each)) for each in journey_ids]
    return [str(each.title) for each in (fetch_many(places) if places else []) if each is not None]


def _round(names: Sequence[str]) -> str:
    return " → ".join((*names, names[0]))


def _refused(names: Sequence[str], begins: str) -> tuple[str, str]:
    if len(names) == 1:
        said = f"“{names[0]}” would begin itself again: what it gives brings members into “{begins}”."
        return (
            f"{said} Begin it with another segment, or give something that its rule does not ask for.",
            f"“{names[0]}”会反复触发自身：它给予的标签或积分会让会员进入“{begins}”。请更换触发人群，或改用该规则不涉及的动作。",
        )
    return (
        f"These journeys would begin one another without end: {_round(names)}. Change what one gives, or begins with.",
        f"以下旅程会循环触发：{_round(names)}。请修改其中一个旅程的动作或触发条件。",
    )


def _objection(names: Sequence[str]) -> Objection:
    if len(names) == 1:
        said = f"With this the journey “{names[0]}” would begin itself again: what it gives would bring members into"
        return Objection(
            f"{said} the segment that it begins with. Choose another rule or tag, or change the journey first.",
            f"保存后旅程“{names[0]}”会反复触发自身：它给予的标签或积分会让会员进入其触发人群。请改用其他规则或标签，或先修改该旅程。",
        )
    said = f"With this these journeys would begin one another without end: {_round(names)}."
    return Objection(
        f"{said} Choose another rule or tag, or change one of them first.",
        f"保存后以下旅程会循环触发：{_round(names)}。请改用其他规则或标签，或先修改其中一个旅程。",
    )
