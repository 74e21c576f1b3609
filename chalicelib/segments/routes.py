"""Segments and tags over HTTP."""

from typing import Any

from chalicelib.jobs.views import JobAnswer
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import get_member
from chalicelib.members.views import StaffMemberView
from chalicelib.segments.errors import (
    NotAList,
    RuleRefused,
    SegmentInUse,
    TagInUse,
    TooManySegments,
    TooManyTags,
    UnknownTag,
)
from chalicelib.segments.forms import (
    ListChanges,
    MembersText,
    NewSegment,
    NewTag,
    SegmentChanges,
    TagChanges,
    TriedRule,
)
from chalicelib.segments.model.rules import read_rule
from chalicelib.segments.records import SegmentRecord
from chalicelib.segments.service import defining, lists, reading, tags, trying
from chalicelib.segments.service.naming import speaker
from chalicelib.segments.views import (
    FieldsView,
    FieldView,
    MemberTagsView,
    SegmentView,
    TagsView,
    TriedView,
    WhyView,
)
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_TAGS = staff("manager", "planner", "service")


@routes.post(
    "/v1/segments", allow=_PLANS, body=NewSegment, answer=SegmentView, status=201, tag="members",
    errors=(RuleRefused, UnknownTag, TooManySegments), summary="Make a segment",
)  # fmt: skip
def create_segment(call: Call[NewSegment]) -> Answer:
    """All members are looked at in the background; `counting` names the job. A list is empty at first."""
    made = defining.create_segment(call.tenant_id, call.body.details(), call.locale, call.principal, call.now)
    return _answer(call, made)


@routes.get(
    "/v1/segments",
    allow=_LOOKS,
    answer=SegmentView,
    paged=True,
    tag="members",
    summary="List my segments, newest first",
)
def list_segments(call: Call[None]) -> Paged:
    page = reading.list_segments(call.tenant_id, call.limit, call.cursor, call.now)
    rules = [rule for each in page.items if (rule := each.segment.rule) is not None]
    words = speaker(call.tenant_id, call.locale, rules)
    return Paged([SegmentView.of(each, words) for each in page.items], page.last_key)


@routes.get(
    "/v1/segment-fields",
    allow=_LOOKS,
    answer=FieldsView,
    tag="members",
    summary="List what the rule of a segment may ask for",
)
def list_segment_fields(call: Call[None]) -> FieldsView:
    return FieldsView(fields=FieldView.every(call.locale))


@routes.post(
    "/v1/segments/count", allow=_LOOKS, body=TriedRule, answer=TriedView, tag="members", errors=(RuleRefused,),
    summary="Count the members whom a rule would have",
)  # fmt: skip
def try_segment(call: Call[TriedRule]) -> TriedView:
    """Nothing is saved. With more than 400 members the number is estimated, and says so; a saved segment's is exact."""
    rule = read_rule(call.body.rule)
    tried = trying.try_rule(call.tenant_id, rule, call.now)
    return TriedView.of_tried(tried, speaker(call.tenant_id, call.locale, [rule]).rule(rule))


@routes.get(
    "/v1/segments/{id}", allow=_LOOKS, answer=SegmentView, tag="members", errors=(NotFound,), summary="Read a segment"
)
def read_segment(call: Call[None]) -> Answer:
    return _answer(call, reading.get_segment(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/segments/{id}", allow=_PLANS, body=SegmentChanges, answer=SegmentView, tag="members",
    errors=(NotFound, Stale, RuleRefused, UnknownTag, NotAList), summary="Change a segment",
)  # fmt: skip
def edit_segment(call: Call[SegmentChanges]) -> Answer:
    """Where the rule or the tag has changed, all members are looked at again; until that is done, some are in it by
    the rule of before."""
    changed = defining.edit_segment(
        call.tenant_id, call.path["id"], call.body.details(), call.if_match, call.locale, call.principal, call.now
    )
    return _answer(call, changed)


@routes.delete(
    "/v1/segments/{id}", allow=_PLANS, status=204, tag="members", errors=(NotFound, Stale, SegmentInUse),
    summary="Delete a segment that nothing uses",
)  # fmt: skip
def delete_segment(call: Call[None]) -> None:
    defining.delete_segment(
        call.tenant_id, call.path["id"], call.if_match, call.locale, call.principal, call.now
    )  # fmt: skip


@routes.get(
    "/v1/segments/{id}/members", allow=_LOOKS, answer=StaffMemberView, paged=True, tag="members", errors=(NotFound,),
    summary="List the members of a segment, longest with me first",
)  # fmt: skip
def list_segment_members(call: Call[None]) -> Paged:
    page = reading.list_members(call.tenant_id, call.path["id"], call.limit, call.cursor, call.now)
    classed = classing(call.tenant_id, call.now)
    return Paged([StaffMemberView.of(each, classed) for each in page.items], page.last_key)


@routes.post(
    "/v1/segments/{id}/members", allow=_PLANS, body=ListChanges, answer=SegmentView, tag="members",
    errors=(NotFound, NotAList), summary="Take members into a list, or out of it",
)  # fmt: skip
def change_list(call: Call[ListChanges]) -> Answer:
    """Repeated, it changes nothing."""
    body = call.body
    changed = lists.change_list(call.tenant_id, call.path["id"], body.add, body.remove, call.principal, call.now)
    return _answer(call, changed)


@routes.post(
    "/v1/segments/{id}/imports", allow=_PLANS, body=MembersText, answer=JobAnswer, status=202, tag="members",
    errors=(NotFound, NotAList), summary="Take members into a list by a file of references, e-mails or phones",
)  # fmt: skip
def import_list(call: Call[MembersText]) -> Answer:
    """One member in a line. The job's `errors` name the lines that name nobody of yours."""
    job = lists.start_import(
        call.tenant_id, call.path["id"], call.body.text, call.locale, call.principal, call.now
    )  # fmt: skip
    return JobAnswer.of(job, call).accepted()


@routes.get(
    "/v1/segments/{id}/members/{member_id}", allow=_LOOKS, answer=WhyView, tag="members", errors=(NotFound,),
    summary="Read why a member is in a segment, or is not",
)  # fmt: skip
def explain_membership(call: Call[None]) -> WhyView:
    why = trying.why(call.tenant_id, call.path["id"], call.path["member_id"], call.now)
    rule = why.segment.rule
    return WhyView.of(why, speaker(call.tenant_id, call.locale, [rule] if rule else []))


@routes.post(
    "/v1/segments/{id}/tags", allow=_PLANS, body=TagChanges, answer=JobAnswer, status=202, tag="members",
    errors=(NotFound, UnknownTag), summary="Tag all members of a segment, in the background",
)  # fmt: skip
def tag_segment(call: Call[TagChanges]) -> Answer:
    """Whoever is in it when the job comes to them; who leaves it later keeps the tags."""
    tags.check_tags(call.tenant_id, call.body.add, "/add")
    job = lists.start_tagging(
        call.tenant_id, call.path["id"], call.body.add, call.body.remove, call.locale, call.principal, call.now
    )
    return JobAnswer.of(job, call).accepted()


@routes.get("/v1/tags", allow=_LOOKS, answer=TagsView, tag="members", summary="List my tags for members")
def list_member_tags(call: Call[None]) -> TagsView:
    return TagsView(tags=tags.tags_of(call.tenant_id))


@routes.post(
    "/v1/tags", allow=_TAGS, body=NewTag, answer=TagsView, status=201, tag="members", errors=(TooManyTags,),
    summary="Add a tag for members",
)  # fmt: skip
def create_tag(call: Call[NewTag]) -> TagsView:
    """One that there is changes nothing."""
    return TagsView(tags=tags.add_tag(call.tenant_id, call.body.tag, call.principal, call.now))


@routes.delete(
    "/v1/tags/{tag}",
    allow=_PLANS,
    status=204,
    tag="members",
    errors=(NotFound, TagInUse),
    summary="Delete a tag for members",
)
def delete_tag(call: Call[None]) -> None:
    """Members lose it in the background."""
    tags.delete_tag(call.tenant_id, call.path["tag"], call.locale, call.principal, call.now)


@routes.get(
    "/v1/members/{id}/tags", allow=_LOOKS, answer=MemberTagsView, tag="members", errors=(NotFound,),
    summary="Read the tags of a member",
)  # fmt: skip
def read_tags_of_member(call: Call[None]) -> MemberTagsView:
    return MemberTagsView.of(get_member(call.tenant_id, call.path["id"], consistent=True))


@routes.post(
    "/v1/members/{id}/tags", allow=_TAGS, body=TagChanges, answer=MemberTagsView, tag="members",
    errors=(NotFound, UnknownTag, TooManyTags), summary="Give a member tags, or take them",
)  # fmt: skip
def tag_member(call: Call[TagChanges]) -> MemberTagsView:
    """Repeated, it changes nothing. A tag that comes from a segment stays while they are in it."""
    changed = tags.tag_member(
        call.tenant_id, call.path["id"], call.body.add, call.body.remove, call.principal, call.now
    )  # fmt: skip
    return MemberTagsView.of(changed)


def _answer(call: Call[Any], segment: SegmentRecord) -> Answer:
    rule = segment.rule
    words = speaker(call.tenant_id, call.locale, [rule] if rule else [])
    return Answer(SegmentView.of(reading.counted(segment, call.now), words), etag=int(segment.rev))
