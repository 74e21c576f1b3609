"""HTTP routes of suggestions: members make them and hear what comes of them, the team decides."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.members.model.status import MemberBlocked
from chalicelib.suggestions.errors import SuggestionDecided, SuggestionGrouped, TooManySuggestions
from chalicelib.suggestions.forms import (
    Adoption,
    Completion,
    Declining,
    NewSuggestion,
    NotedSuggestion,
    SuggestionEdit,
    SuggestionQuery,
)
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.suggestions.service import deciding, reading, suggesting
from chalicelib.suggestions.views import (
    AdoptedSuggestionView,
    FullSuggestionView,
    OwnSuggestionView,
    SuggestionView,
)
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_TEAM = staff("manager", "service")
_DECIDED = (NotFound, Stale, SuggestionDecided, SuggestionGrouped)


@routes.post(
    "/v1/stores/{slug}/suggestions", allow=member(), body=NewSuggestion, answer=OwnSuggestionView, status=201,
    idempotency=True, tag="service", summary="Suggest something to the store",
    errors=(IdempotencyMismatch, MemberBlocked, TooManySuggestions),
)  # fmt: skip
def suggest(call: Call[NewSuggestion]) -> OwnSuggestionView:
    """Somebody of the team looks at each, and I hear what becomes of it. Five a day at most."""
    key, body_hash = call.idempotency_key, call.body_hash
    return OwnSuggestionView.of(
        suggesting.suggest(call.tenant_id, call.member_id, call.body.text, key, body_hash, call.now)
    )


@routes.get(
    "/v1/stores/{slug}/suggestions", allow=member(), answer=OwnSuggestionView, paged=True, tag="service",
    summary="List my suggestions, newest first",
)  # fmt: skip
def own_suggestions(call: Call[None]) -> Paged:
    page = reading.list_own_suggestions(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([OwnSuggestionView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/suggestions/{id}", allow=member(), answer=OwnSuggestionView, tag="service",
    summary="Show one of my suggestions", errors=(NotFound,),
)  # fmt: skip
def own_suggestion(call: Call[None]) -> OwnSuggestionView:
    return OwnSuggestionView.of(reading.get_own_suggestion(call.tenant_id, call.member_id, call.path["id"]))


@routes.get(
    "/v1/stores/{slug}/adopted-suggestions", allow=anyone(), answer=AdoptedSuggestionView, paged=True, tag="service",
    summary="List what members suggested and the store does",
)  # fmt: skip
def adopted_suggestions(call: Call[None]) -> Paged:
    """Those that were adopted last first, in the store's words and without names."""
    page = reading.list_adopted(call.tenant_id, call.limit, call.cursor)
    return Paged([AdoptedSuggestionView.of(each) for each in page.items], page.last_key)


@routes.post(
    "/v1/suggestions", allow=_TEAM, body=NotedSuggestion, answer=SuggestionView, status=201, idempotency=True,
    tag="service", summary="Note what a member suggested elsewhere", errors=(NotFound, IdempotencyMismatch),
)  # fmt: skip
def note_suggestion(call: Call[NotedSuggestion]) -> Answer:
    body, key = call.body, call.idempotency_key
    return _shown(
        suggesting.note_suggestion(
            call.tenant_id, body.member_id, body.text, body.source, key, call.body_hash, call.principal, call.now
        )
    )


@routes.get(
    "/v1/suggestions", allow=_TEAM, query=SuggestionQuery, answer=SuggestionView, paged=True, tag="service",
    summary="List suggestions: the open ones first, newest first",
)  # fmt: skip
def list_suggestions(call: Call[None]) -> Paged:
    page = reading.list_suggestions(call.tenant_id, call.now, call.limit, call.cursor, call.query.filter())
    return Paged([SuggestionView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/suggestions/{id}", allow=_TEAM, answer=FullSuggestionView, tag="service",
    summary="Show a suggestion, and others like it", errors=(NotFound,),
)  # fmt: skip
def get_suggestion(call: Call[None]) -> Answer:
    found = reading.get_suggestion(call.tenant_id, call.path["id"])
    similar = reading.similar(found) if found.is_open else []
    return Answer(FullSuggestionView.with_similar(found, similar), etag=int(found.rev))


@routes.patch(
    "/v1/suggestions/{id}", allow=_TEAM, body=SuggestionEdit, answer=SuggestionView, tag="service",
    summary="Assess a suggestion, give it to somebody, group it with another",
    errors=(NotFound, Stale, SuggestionDecided),
)  # fmt: skip
def edit_suggestion(call: Call[SuggestionEdit]) -> Answer:
    """Whoever made one that is the same as another hears what becomes of that one."""
    return _shown(
        deciding.edit(call.tenant_id, call.path["id"], call.body.edit(), call.if_match, call.principal, call.now)
    )


@routes.post(
    "/v1/suggestions/{id}/adopt", allow=_TEAM, body=Adoption, answer=SuggestionView, tag="service",
    summary="Adopt a suggestion and tell whoever made it", errors=_DECIDED,
)  # fmt: skip
def adopt_suggestion(call: Call[Adoption]) -> Answer:
    """Adopted again, it has another plan or day. What it brings its members is given once."""
    body = call.body
    return _shown(
        deciding.adopt(
            call.tenant_id, call.path["id"], body.plan, body.done_by, body.reward.reward(), call.if_match,
            call.principal, call.now,
        )
    )  # fmt: skip


@routes.post(
    "/v1/suggestions/{id}/decline", allow=_TEAM, body=Declining, answer=SuggestionView, tag="service",
    summary="Decline a suggestion and tell whoever made it why", errors=_DECIDED,
)  # fmt: skip
def decline_suggestion(call: Call[Declining]) -> Answer:
    reason = call.body.reason
    return _shown(deciding.decline(call.tenant_id, call.path["id"], reason, call.if_match, call.principal, call.now))


@routes.post(
    "/v1/suggestions/{id}/done", allow=_TEAM, body=Completion, answer=SuggestionView, tag="service",
    summary="Say that an adopted suggestion is done", errors=_DECIDED,
)  # fmt: skip
def finish_suggestion(call: Call[Completion]) -> Answer:
    plan = call.body.plan
    return _shown(deciding.finish(call.tenant_id, call.path["id"], plan, call.if_match, call.principal, call.now))


def _shown(found: SuggestionRecord) -> Answer:
    return Answer(SuggestionView.of(found), etag=int(found.rev))
