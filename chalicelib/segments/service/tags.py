"""The tags of a brand, and those of its members by hand."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.loading import provided
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.segments.errors import TagInUse, TooManyTags, UnknownTag
from chalicelib.segments.model.evaluating import asks_for
from chalicelib.segments.model.membership import MOST_MEMBER_TAGS, MOST_TAGS, Wish
from chalicelib.segments.model.uses import Use
from chalicelib.segments.records import SegmentsRecord
from chalicelib.segments.service.evaluating import Look, decide_all
from chalicelib.segments.service.lists import new_work
from chalicelib.segments.service.objections import check_objections
from chalicelib.segments.service.reading import all_segments
from chalicelib.tenants.service.audit import audit


def tags_of(tenant_id: str) -> list[str]:
    """The tags that a brand has, in the order in which they were added."""
    return list(SegmentsRecord.at(tenant_id).tags)


def add_tag(tenant_id: str, tag: str, by: Principal, now: datetime) -> list[str]:
    """Adds a tag to those that there are; one that there is changes nothing. Raises TooManyTags."""

    def decide(head: SegmentsRecord, tx: Transaction) -> list[str]:
        if tag in head.tags:
            return list(head.tags)
        if len(head.tags) >= MOST_TAGS:
            raise TooManyTags.at(
                "/tag", f"A brand has at most {MOST_TAGS} tags; delete one that you do not need.",
                f"最多可建 {MOST_TAGS} 个标签，请先删除不再需要的标签。",
            )  # fmt: skip
        head.tags = [*head.tags, tag]
        if head.rev:
            tx.replace("tags", head)
        else:
            head.rev = 1
            tx.create("tags", head)
        audit(tx, tenant_id, by, "tag.created", f"tenant:{tenant_id}", now, {"tag": tag})
        return list(head.tags)

    return change(lambda: SegmentsRecord.at(tenant_id), decide)


def delete_tag(tenant_id: str, tag: str, locale: str, by: Principal, now: datetime) -> None:
    """Takes a tag from those that there are: nobody gets it any more, and members lose it in the background. Raises
    NotFound, and TagInUse where a segment gives it or asks for it, or a journey gives it.
    """

    def decide(head: SegmentsRecord, tx: Transaction) -> None:
        if tag not in head.tags:
            raise NotFound("There is no such tag.", detail_zh="没有该标签。")
        _check_unused(tenant_id, tag, tx, now)
        head.tags = [each for each in head.tags if each != tag]
        head.edition += 1  # whoever is giving it at this moment does not
        tx.replace("tags", head)
        tx.create("job", new_work(tenant_id, {"untag": tag}, ordinals_given(tenant_id), by.label, locale, now))
        audit(tx, tenant_id, by, "tag.deleted", f"tenant:{tenant_id}", now, {"tag": tag})

    change(lambda: SegmentsRecord.at(tenant_id), decide)


def _check_unused(tenant_id: str, tag: str, tx: Transaction, now: datetime) -> None:
    """Raises TagInUse; else the transaction holds for what was read, with the brand's tags."""
    segments = all_segments(tenant_id)
    defined = [each.defined for each in segments]
    # Before uses are read: the transaction holds for what runs.
    check_objections(tenant_id, defined, defined, tx, "/tag")
    titles = [
        str(each.title) for each in segments if each.tag == tag or (each.rule and tag in asks_for(each.rule, "tags"))
    ]
    asks: Sequence[Callable[[str, str, datetime], list[Use]]] = provided("tag_uses")
    uses = [use for ask in asks for use in ask(tenant_id, tag, now)]
    if titles or uses:
        said = ", ".join([*titles, *(f"{use.en} '{use.title}'" for use in uses)])
        said_zh = "、".join([*titles, *(f"{use.zh}“{use.title}”" for use in uses)])
        raise TagInUse(
            f"The tag '{tag}' is used by: {said}. Take it out there first.",
            detail_zh=f"标签“{tag}”正在使用：{said_zh}，请先移除。",
        )


def check_tags(tenant_id: str, tags: Sequence[str], pointer: str) -> None:
    """Raises UnknownTag for one that the brand does not have."""
    _check_known(tags_of(tenant_id) if tags else [], tags, pointer)


def _check_known(known: Sequence[str], tags: Sequence[str], pointer: str) -> None:
    for at, tag in enumerate(tags):
        if tag not in known:
            raise UnknownTag.at(
                f"{pointer}/{at}",
                f"There is no tag '{tag}'; there are: {', '.join(known) or '(none)'}. Add it to your tags first.",
                f"没有标签“{tag}”；现有：{'、'.join(known) or '（暂无）'}，请先添加。",
            )


def tag_member(
    tenant_id: str, member_id: str, add: Sequence[str], remove: Sequence[str], by: Principal, now: datetime
) -> MemberRecord:
    """Gives a member tags and takes some from them; those of segments stay while they are in these. Raises NotFound,
    UnknownTag, TooManyTags.
    """
    check_tags(tenant_id, add, "/add")
    member = get_member(tenant_id, member_id, consistent=True)
    wish = Wish(gets=tuple(add), loses=frozenset(remove))
    before = list(member.own_tags or ())
    after = wish.tags_after(before)
    if list(after) != before:
        told = {"added": [each for each in after if each not in before],
                "removed": [each for each in before if each not in after]}  # fmt: skip

        def noted(tx: Transaction) -> None:
            audit(tx, tenant_id, by, "member.tagged", f"member:{member.id}", now, told)

        def refuses(_: MemberRecord, known: Sequence[str]) -> None:
            _check_known(known, add, "/add")
            raise TooManyTags.at(
                "/add", f"A member carries at most {MOST_MEMBER_TAGS} tags.",
                f"每位会员最多 {MOST_MEMBER_TAGS} 个标签。",
            )  # fmt: skip

        decide_all(tenant_id, [int(member.ordinal)], Look(now, wish=wish, noted=noted, refuses=refuses))
    return get_member(tenant_id, member.id, consistent=True)


class NotGiven(StrEnum):
    """Why a member gets no tag: the brand has it no more, or they carry as many as there may be."""

    NO_TAG = "no_tag"
    TOO_MANY = "too_many_tags"


def give(
    tenant_id: str, member_id: str, tag: str, noted: Callable[[Transaction], None], now: datetime
) -> NotGiven | None:  # fmt: skip
    """Gives a member a tag in one transaction with what ``noted`` adds, as a journey does; says why not. Where they
    carry it already nothing is written, and ``noted`` not asked. Raises NotFound.
    """
    member = get_member(tenant_id, member_id, consistent=True)
    if tag not in tags_of(tenant_id):
        return NotGiven.NO_TAG
    if tag in (member.own_tags or ()):
        return None
    look = Look(now, wish=Wish(gets=(tag,)), noted=noted, refuses=partial(_refuse, tag))
    try:
        decide_all(tenant_id, [int(member.ordinal)], look)
    except _Held as held:
        return held.why
    return None


class _Held(Exception):
    def __init__(self, why: NotGiven) -> None:
        super().__init__(why)
        self.why = why


def _refuse(tag: str, _: MemberRecord, known: Sequence[str]) -> None:
    raise _Held(NotGiven.TOO_MANY if tag in known else NotGiven.NO_TAG)
