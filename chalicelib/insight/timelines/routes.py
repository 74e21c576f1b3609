"""HTTP routes of timelines."""

from chalicelib.insight.timelines.forms import TimelineQuery
from chalicelib.insight.timelines.model import ROLES, Kind
from chalicelib.insight.timelines.service.reading import read_timeline
from chalicelib.insight.timelines.views import TimelineEntryView
from chalicelib.kernel.errors import Forbidden, NotFound
from chalicelib.web import Call, Paged, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/members/{id}/timeline", allow=staff("manager", "editor", "planner", "service", "analyst"),
    query=TimelineQuery, answer=TimelineEntryView, paged=True, tag="members", errors=(NotFound, Forbidden),
    summary="Read what a member did and was told, latest first",
)  # fmt: skip
def read_member_timeline(call: Call[None]) -> Paged:
    """Days in the shop, orders placed here and imported, messages of the last 30 days, enquiries, complaints,
    after-sales, suggestions, reviews, surveys answered, points, and when they joined, left and came back. Kinds that
    the caller's role may not read elsewhere are left out; asked for, they are refused. Days in the shop are not shown
    of who objects to figures about them."""
    query, who = call.query, call.principal
    if query.kind is not None and not who.has(*ROLES[Kind(query.kind)]):
        raise Forbidden(
            f"Your role does not read entries of the kind '{query.kind}'; leave it out, or ask a manager.",
            detail_zh=f"您的角色无权查看“{query.kind}”类记录，请去掉该条件，或联系管理者。",
        )
    kinds = [Kind(query.kind)] if query.kind else [each for each in Kind if who.has(*ROLES[each])]
    found, following = read_timeline(call.tenant_id, call.path["id"], kinds, call.limit, call.cursor, call.now)
    return Paged([TimelineEntryView.of(each, call.locale) for each in found], following)
