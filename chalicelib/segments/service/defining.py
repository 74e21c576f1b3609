"""The team makes segments, changes them, and deletes those that nothing uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.loading import provided
from chalicelib.segments.errors import NotAList, RuleRefused, SegmentInUse, TooManySegments, UnknownTag
from chalicelib.segments.model.membership import MOST_SEGMENTS, Defined, depending_on, in_order, needs
from chalicelib.segments.model.rules import Rule
from chalicelib.segments.model.uses import Use
from chalicelib.segments.records import SegmentRecord, SegmentsRecord
from chalicelib.segments.service.counting import new_count
from chalicelib.segments.service.naming import check_names
from chalicelib.segments.service.objections import check_objections
from chalicelib.segments.service.reading import get_segment
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class Details:
    """What is asked for of a segment; what is ``UNSET`` stays. A new one without a rule is a list. A ``tag`` of None
    takes it away.
    """

    title: str | Unset = UNSET
    rule: Rule | Unset | None = UNSET
    tag: str | Unset | None = UNSET


@dataclass(slots=True)
class _All:
    head: SegmentsRecord
    segments: dict[str, SegmentRecord]
    before: Sequence[Defined] = ()

    def __post_init__(self) -> None:
        self.before = self.defined()

    def defined(self) -> list[Defined]:
        return [each.defined for each in self.standing()]

    def standing(self) -> list[SegmentRecord]:
        return [each for each in self.segments.values() if not each.deleting]


def _all(tenant_id: str) -> _All:
    head = SegmentsRecord.at(tenant_id)
    return _All(head, {each.id: each for each in SegmentRecord.of_tenant(tenant_id)})


def create_segment(tenant_id: str, details: Details, locale: str, by: Principal, now: datetime) -> SegmentRecord:
    """A segment of a rule, for whose members a job begins to look, or a list, which is empty.

    Raises UnknownTag, TooManySegments, and RuleRefused, also where a domain above objects.
    """
    if isinstance(details.rule, Rule):
        check_names(tenant_id, details.rule)
    segment_id = new_id(now)

    def decide(known: _All, tx: Transaction) -> SegmentRecord:
        if len(known.segments) >= MOST_SEGMENTS:
            raise TooManySegments(
                f"A brand has at most {MOST_SEGMENTS} segments; delete one that you do not need.",
                detail_zh=f"最多可建 {MOST_SEGMENTS} 个人群，请先删除不再需要的人群。",
            )
        made = SegmentRecord(
            *SegmentRecord.address(tenant_id, segment_id), id=segment_id, created_at=now, updated_at=now
        )
        known.segments[segment_id] = made
        _apply(made, details, known)
        check_objections(tenant_id, known.before, known.defined(), tx, "/rule" if made.stored_rule else "/tag")
        known.head.segments += 1
        _store(tx, known, made, locale, by, now, new=True, decides=True)
        audit(tx, tenant_id, by, "segment.created", f"segment:{segment_id}", now, _told(made))
        return made

    return change(lambda: _all(tenant_id), decide)


def edit_segment(
    tenant_id: str,
    segment_id: str,
    details: Details,
    if_match: int | None,
    locale: str,
    by: Principal,
    now: datetime,
) -> SegmentRecord:
    """Changes a segment; where what it decides has changed, all members are looked at again, in the background.

    Raises NotFound, Stale, UnknownTag, RuleRefused as :func:`create_segment`, and NotAList for a rule of a list, or
    none of what has one.
    """
    if isinstance(details.rule, Rule):
        check_names(tenant_id, details.rule)

    def decide(known: _All, tx: Transaction) -> SegmentRecord:
        segment = known.segments.get(segment_id)
        if segment is None or segment.deleting:
            return get_segment(tenant_id, segment_id)
        check_revision(segment, if_match)
        if details.rule is not UNSET and segment.is_list is not (details.rule is None):
            raise NotAList(
                "A list stays a list, and a segment of a rule one of a rule; make another segment.",
                detail_zh="名单与规则人群不能互相转换，请另建人群。",
            )
        before = segment.title, segment.stored_rule, segment.tag
        _apply(segment, details, known)
        after = segment.title, segment.stored_rule, segment.tag
        if after != before:
            segment.updated_at = now
            if after[1:] != before[1:]:
                pointer = "/rule" if after[1] != before[1] else "/tag"
                check_objections(tenant_id, known.before, known.defined(), tx, pointer)
            _store(tx, known, segment, locale, by, now, new=False, decides=after[1:] != before[1:])
            audit(tx, tenant_id, by, "segment.changed", f"segment:{segment_id}", now, _told(segment))
        return segment

    return change(lambda: _all(tenant_id), decide)


def _told(segment: SegmentRecord) -> dict[str, Any]:
    return {"title": segment.title, "rule": segment.stored_rule, "tag": segment.tag}


def _apply(segment: SegmentRecord, details: Details, known: _All) -> None:
    given = fields_set(details)
    if "title" in given:
        segment.title = given["title"]
    if "rule" in given:
        segment.stored_rule = given["rule"].as_json() if given["rule"] is not None else None
    if "tag" in given:
        if given["tag"] is not None and given["tag"] not in known.head.tags:
            raise UnknownTag.at(
                "/tag", f"There is no tag '{given['tag']}'; add it to your tags first. There are: "
                f"{', '.join(known.head.tags) or '(none)'}.",
                f"没有标签“{given['tag']}”，请先添加。现有：{'、'.join(known.head.tags) or '（暂无）'}。",
            )  # fmt: skip
        segment.tag = given["tag"]
    if rings := in_order(known.defined()).rings:
        titles = [str(known.segments[each.id].title) for each in rings]
        raise RuleRefused.at(
            "/rule", f"These segments ask for one another in a ring, so nobody could be decided: {', '.join(titles)}.",
            f"以下人群互相引用，形成循环，无法判定：{'、'.join(titles)}。",
        )  # fmt: skip


def _store(
    tx: Transaction,
    known: _All,
    segment: SegmentRecord,
    locale: str,
    by: Principal,
    now: datetime,
    *,
    new: bool,
    decides: bool,
) -> None:
    """Adds the segment, the edition of rules that rises, and the job that looks at all members."""
    if decides:
        known.head.edition += 1
        if new and segment.is_list:
            segment.counted_at = now  # nobody is in it
        else:
            tx.create("job", new_count(segment, by.label, locale, now))
    _put_head(tx, known.head)
    if new:
        tx.create("segment", segment)
    else:
        tx.replace("segment", segment)


def _put_head(tx: Transaction, head: SegmentsRecord) -> None:
    if head.rev:
        tx.replace("segments", head)
    else:
        head.rev = 1
        tx.create("segments", head)


def delete_segment(
    tenant_id: str, segment_id: str, if_match: int | None, locale: str, by: Principal, now: datetime
) -> None:
    """Deletes a segment that nothing uses: it is in no list any more at once, and goes from its members in the
    background. Raises NotFound, Stale, SegmentInUse.
    """
    get_segment(tenant_id, segment_id)

    def decide(known: _All, tx: Transaction) -> None:
        segment = known.segments.get(segment_id)
        if segment is None or segment.deleting:
            return
        check_revision(segment, if_match)
        # Before uses are read: the transaction holds for what runs.
        check_objections(tenant_id, known.before, known.before, tx, "/id")
        if used := [*uses_of(tenant_id, segment_id, now), *_asked_for(known, segment_id)]:
            raise _in_use(used)
        segment.deleting = 1
        _store(tx, known, segment, locale, by, now, new=False, decides=True)
        audit(tx, tenant_id, by, "segment.deleted", f"segment:{segment_id}", now, {"title": segment.title})

    change(lambda: _all(tenant_id), decide)


def _asked_for(known: _All, segment_id: str) -> list[Use]:
    """The segments whose rules ask for this one."""
    standing = known.standing()
    affected = depending_on((each.defined for each in standing), segment_id) - {segment_id}
    direct = [each for each in standing if each.id in affected and segment_id in needs(each.defined, {})]
    return [Use("the rule of the segment", "人群规则", str(each.title)) for each in direct]


def uses_of(tenant_id: str, segment_id: str, now: datetime) -> list[Use]:
    """What uses a segment, by what each domain above knows: promotions, announcements, and further ones."""
    asks: Sequence[Callable[[str, str, datetime], list[Use]]] = provided("segment_uses")
    return [use for ask in asks for use in ask(tenant_id, segment_id, now)]


def _in_use(uses: Sequence[Use]) -> SegmentInUse:
    said = ", ".join(f"{use.en} '{use.title}'" for use in uses)
    said_zh = "、".join(f"{use.zh}“{use.title}”" for use in uses)
    return SegmentInUse(
        f"The segment is used by {said}. Take it out there first, or end what uses it.",
        detail_zh=f"该人群正被{said_zh}使用，请先移除引用或结束后再删除。",
    )
