"""HTTP routes of members: their own profile, and the team's view of them."""

from chalicelib.db import Page
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.language import nearest
from chalicelib.legal_texts.errors import TextChanged
from chalicelib.loading import provided
from chalicelib.members.consents import service as consents
from chalicelib.members.forms import (
    AcceptancesForm,
    ClassesForm,
    ConsentWithdrawal,
    MeEdit,
    MemberQuery,
    OfficialAccountLink,
    ProfileForm,
    QuestionForm,
    StatusChange,
)
from chalicelib.members.model.identities import FollowerTaken, Identity
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.model.profiles import MemberChanges, ProfileChanges
from chalicelib.members.model.status import Status
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import classes, finding, official_account
from chalicelib.members.service import members as service
from chalicelib.members.service.classes import classing
from chalicelib.members.views import (
    ClassesView,
    ConsentAnswerView,
    MeView,
    PurposesView,
    PurposeView,
    QuestionView,
    StaffMemberView,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_CONNECTORS = staff("manager", "technical")
_READERS = staff("manager", "editor", "planner", "service", "analyst")


@routes.get("/v1/stores/{slug}/me", allow=member(), answer=MeView, tag="storefront", summary="Read my profile")
def read_me(call: Call[None]) -> Answer:
    me = service.get_member(call.tenant_id, call.member_id, consistent=True)
    return Answer(MeView.of(me, classing(call.tenant_id, call.now)), etag=int(me.rev))


@routes.patch(
    "/v1/stores/{slug}/me",
    allow=member(),
    body=MeEdit,
    answer=MeView,
    tag="storefront",
    summary="Change my profile and consents",
    errors=(Stale,),
)
def change_me(call: Call[MeEdit]) -> Answer:
    body = call.body
    changes = MemberChanges(
        profile=body.profile.changes() if body.profile else ProfileChanges(),
        consent=body.consent.answers() if body.consent else {},
        locale=body.locale,
        words=body.consent.words if body.consent else None,
    )
    me = service.edit_me(call.tenant_id, call.member_id, changes, call.if_match, call.now)
    return Answer(MeView.of(me, classing(call.tenant_id, call.now)), etag=int(me.rev))


@routes.post(
    "/v1/stores/{slug}/me/acceptances", allow=member(), body=AcceptancesForm, answer=MeView, tag="storefront",
    summary="Accept the brand's terms or privacy notice", errors=(TextChanged,),
)  # fmt: skip
def accept_texts(call: Call[AcceptancesForm]) -> Answer:
    """Which version, in which language and when is noted on my membership. What was accepted before stays as it is."""
    accepted = [each.accepted(call.now) for each in call.body.accepted]
    me = service.accept(call.tenant_id, call.member_id, accepted)
    return Answer(MeView.of(me, classing(call.tenant_id, call.now)), etag=int(me.rev))


@routes.get(
    "/v1/stores/{slug}/consent-purposes", allow=anyone(), answer=PurposesView, tag="storefront",
    summary="Read what members are asked to agree to",
)  # fmt: skip
def read_consent_purposes(call: Call[None]) -> PurposesView:
    """Show these words beside each choice, in the language of `Accept-Language`, and send their version with the
    answer. Nothing that a member says of themselves is used for a purpose that they do not agree to.
    """
    return PurposesView(purposes=PurposeView.every(nearest(call.locale)))


@routes.get(
    "/v1/stores/{slug}/me/consents", allow=member(), answer=ConsentAnswerView, paged=True, tag="storefront",
    summary="List what I agreed to and objected to, latest first",
)  # fmt: skip
def list_my_consents(call: Call[None]) -> Paged:
    me = service.get_member(call.tenant_id, call.member_id)
    page = consents.history(call.tenant_id, me.id, call.limit, call.cursor)
    return Paged([ConsentAnswerView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/me/question", allow=member(), answer=QuestionView, tag="storefront",
    summary="Read the one thing that the shop may ask me now",
)  # fmt: skip
def read_my_question(call: Call[None]) -> QuestionView:
    """Answered by a change of my profile, after which nothing is asked for a month."""
    me = service.get_member(call.tenant_id, call.member_id, consistent=True)
    return QuestionView(question=me.asking.question(me.profile, call.now))


@routes.post(
    "/v1/stores/{slug}/me/question/dismiss", allow=member(), body=QuestionForm, answer=QuestionView, tag="storefront",
    summary="Put away what the shop asks me",
)  # fmt: skip
def dismiss_my_question(call: Call[QuestionForm]) -> QuestionView:
    """Nothing is asked for four months, and the same not for a year."""
    me = service.dismiss_question(call.tenant_id, call.member_id, call.body.question, call.now)
    return QuestionView(question=me.asking.question(me.profile, call.now))


@routes.get(
    "/v1/members",
    allow=_READERS,
    query=MemberQuery,
    answer=StaffMemberView,
    paged=True,
    tag="members",
    errors=(NotFound,),
    summary="List members, latest joined first, or search them",
)
def list_members(call: Call[None]) -> Paged:
    """`q` finds members by a part of the name, the beginning of the e-mail address, the last four or more digits of the
    phone number, or the whole reference."""
    query, contacts = call.query, call.principal.sees_contacts
    classed = classing(call.tenant_id, call.now)

    def meant(each: MemberRecord) -> bool:
        return (
            query.tier in (None, each.tier)
            and query.class_ in (None, classed.of(each))
            and query.origin in (None, each.came)
            and (query.segment is None or query.segment in (each.segment_ids or ()))
            and (query.tag is None or query.tag in (each.tags or ()))
        )

    if exact := _identities(query):
        found = finding.exactly(call.tenant_id, exact) if contacts or not (query.email or query.phone) else []
        wanted = [each for each in found if not query.q or finding.is_meant(each, query.q, contacts=contacts)]
        if query.external_ref and not contacts:
            wanted = [each for each in wanted if shown_reference(query.external_ref, each.identities)]
        page = Page(wanted, None)
    elif query.q:
        page = finding.find_members(call.tenant_id, query.q, call.limit, call.cursor, contacts=contacts)
    elif query.segment:
        page = provided("list_of_segment")(call.tenant_id, query.segment, call.limit, call.cursor, call.now)
    elif query.tier or query.class_ or query.tag or query.origin:
        page = service.list_where(call.tenant_id, meant, call.limit, call.cursor)
    else:
        page = service.list_members(call.tenant_id, call.limit, call.cursor)
    return Paged([StaffMemberView.of(each, classed) for each in page.items if meant(each)], page.last_key)


@routes.get("/v1/member-classes", allow=_READERS, answer=ClassesView, tag="members", summary="Read my members' classes")
def read_classes(call: Call[None]) -> Answer:
    """By which days members are new, active, dormant or churned."""
    thresholds, revision = classes.get_thresholds(call.tenant_id)
    return Answer(ClassesView.of(thresholds), etag=revision)


@routes.put(
    "/v1/member-classes", allow=staff("manager", "planner"), body=ClassesForm, answer=ClassesView, tag="members",
    errors=(Stale,), summary="Set by which days members are new, active, dormant or churned",
)  # fmt: skip
def set_classes(call: Call[ClassesForm]) -> Answer:
    """It holds at once, for every member and for reports of any day. What is left out is as the product has it."""
    wanted = call.body.thresholds()
    thresholds, revision = classes.set_thresholds(call.tenant_id, wanted, call.if_match, call.principal, call.now)
    return Answer(ClassesView.of(thresholds), etag=revision)


def _identities(query: MemberQuery) -> list[Identity]:
    """What is asked for exactly."""
    by_reference = [Identity("ref", query.external_ref)] if query.external_ref else []
    by_email = [Identity("email", query.email)] if query.email else []
    return by_reference + by_email + ([Identity("phone", query.phone)] if query.phone else [])


@routes.get(
    "/v1/members/{id}",
    allow=_READERS,
    answer=StaffMemberView,
    tag="members",
    summary="Read one member",
    errors=(NotFound,),
)
def read_member(call: Call[None]) -> Answer:
    found = service.get_member(call.tenant_id, call.path["id"], consistent=True)
    return Answer(StaffMemberView.of(found, classing(call.tenant_id, call.now)), etag=int(found.rev))


@routes.patch(
    "/v1/members/{id}",
    allow=staff("manager", "service"),
    body=StatusChange,
    answer=StaffMemberView,
    tag="members",
    summary="Block a member from ordering, or lift it",
    errors=(NotFound, Stale),
)
def change_member(call: Call[StatusChange]) -> Answer:
    changed = service.set_status(
        call.tenant_id,
        call.path["id"],
        Status(call.body.status),
        call.body.reason,
        call.if_match,
        call.principal,
        call.now,
    )
    return Answer(StaffMemberView.of(changed, classing(call.tenant_id, call.now)), etag=int(changed.rev))


@routes.patch(
    "/v1/members/{id}/profile", allow=staff("manager", "service"), body=ProfileForm, answer=StaffMemberView,
    tag="members", summary="Write down what a member has told me", errors=(NotFound, Stale),
)  # fmt: skip
def write_members_profile(call: Call[ProfileForm]) -> Answer:
    """What is null is cleared, what is absent stays. It says nothing of what the member agrees to: none of it is used
    for a purpose before they agree themselves. The audit log has the names of the fields, not the answers.
    """
    changed = service.write_profile(
        call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
    )
    return Answer(StaffMemberView.of(changed, classing(call.tenant_id, call.now)), etag=int(changed.rev))


@routes.get(
    "/v1/members/{id}/consents", allow=_READERS, answer=ConsentAnswerView, paged=True, tag="members",
    summary="List what a member agreed to and objected to, latest first", errors=(NotFound,),
)  # fmt: skip
def list_members_consents(call: Call[None]) -> Paged:
    found = service.get_member(call.tenant_id, call.path["id"])
    page = consents.history(call.tenant_id, found.id, call.limit, call.cursor)
    return Paged([ConsentAnswerView.of(each) for each in page.items], page.last_key)


@routes.post(
    "/v1/members/{id}/consents/withdraw", allow=staff("manager", "service"), body=ConsentWithdrawal,
    answer=StaffMemberView, tag="members", summary="Withdraw a consent for a member who asks me to",
    errors=(NotFound, Stale),
)  # fmt: skip
def withdraw_members_consent(call: Call[ConsentWithdrawal]) -> Answer:
    """It ends at once, as if they had done so themselves, and they can agree again themselves; nobody agrees for them.
    Where they do not agree, nothing changes.
    """
    wanted = call.body
    changed = service.withdraw_consent(
        call.tenant_id, call.path["id"], wanted.purpose, wanted.reason, call.if_match, call.principal, call.now
    )
    return Answer(StaffMemberView.of(changed, classing(call.tenant_id, call.now)), etag=int(changed.rev))


@routes.put(
    "/v1/members/{id}/official-account", allow=_CONNECTORS, body=OfficialAccountLink, status=204, tag="members",
    errors=(NotFound, FollowerTaken), summary="Reach a member by my official account",
)  # fmt: skip
def connect_official_account(call: Call[OfficialAccountLink]) -> None:
    """Notices for which the account has a template go there, where that is the member's or the brand's first choice.
    An id leads to one member; `member_id` of a refusal says to whom.
    """
    official_account.connect(call.tenant_id, call.path["id"], call.body.open_id, call.principal, call.now)


@routes.delete(
    "/v1/members/{id}/official-account", allow=_CONNECTORS, status=204, tag="members", errors=(NotFound,),
    summary="Reach a member by my official account no more",
)  # fmt: skip
def disconnect_official_account(call: Call[None]) -> None:
    """As when they no longer follow it; their messages go by other media."""
    official_account.connect(call.tenant_id, call.path["id"], None, call.principal, call.now)
