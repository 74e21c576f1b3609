"""Which segments and tags of the brand journeys use, and whether those that a draft names are there."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from chalicelib.db import fetch_many
from chalicelib.journeys.model.journeys import Definition, Status, segments, tags
from chalicelib.journeys.records import JourneyRecord, VersionRecord
from chalicelib.kernel.errors import FieldError
from chalicelib.segments.model.uses import Use
from chalicelib.segments.service.reading import known_ids
from chalicelib.segments.service.tags import tags_of


def uses_of_segment(tenant_id: str, segment_id: str, now: datetime) -> list[Use]:
    """The journeys that begin with a segment or ask for it, as they are published or drafted, and have not ended."""
    del now  # a journey ends by hand
    return _uses(tenant_id, lambda each: segment_id in (named for _, named in segments(each)))


def uses_of_tag(tenant_id: str, tag: str, now: datetime) -> list[Use]:
    """The journeys that give a tag, as they are published or drafted, and have not ended."""
    del now
    return _uses(tenant_id, lambda each: tag in (named for _, named in tags(each)))


def _uses(tenant_id: str, uses: Callable[[Definition], bool]) -> list[Use]:
    standing = list(
        JourneyRecord.every(
            JourneyRecord.of_tenant(tenant_id), index="gsi1", where=JourneyRecord.status != Status.ENDED.value
        )
    )
    versions = _published(standing)
    return [
        Use("the journey", "旅程", str(each.title))
        for each in standing
        if any(uses(known) for known in (each.draft, versions.get(each.id)) if known is not None)
    ]


def _published(journeys: Sequence[JourneyRecord]) -> dict[str, Definition]:
    """What is published of journeys, by id."""
    places = [
        (VersionRecord, *VersionRecord.address(each.tenant_id, each.id, int(each.version)))
        for each in journeys
        if each.version
    ]
    found = fetch_many(places, consistent=True) if places else []
    return {each.journey_id: each.definition for each in found if each is not None}


def faults_of_names(tenant_id: str, definition: Definition) -> Iterator[FieldError]:
    """What a definition names that the brand does not have: segments, and tags."""
    named = segments(definition)
    known = known_ids(tenant_id) if named else {}
    for pointer, segment_id in named:
        if segment_id not in known:
            yield FieldError(pointer, "There is no such segment; choose one.", "没有该人群，请选择。")
    given = tags(definition)
    there = tags_of(tenant_id) if given else []
    for pointer, tag in given:
        if tag not in there:
            yield FieldError(
                pointer, f"There is no tag '{tag}'; add it to your tags first, or choose another.",
                f"没有标签“{tag}”，请先添加或选择其他标签。",
            )  # fmt: skip
