"""HTTP routes of events."""

from chalicelib.insight.intake.forms import EventsForm
from chalicelib.insight.intake.model.told import Told
from chalicelib.insight.intake.service.telling import Teller, tell
from chalicelib.insight.intake.views import EventsView
from chalicelib.kernel.language import nearest
from chalicelib.rate_limits.model import LimitReached
from chalicelib.web import Call, Router, known_or_not

routes = Router(__name__)


@routes.post(
    "/v1/stores/{slug}/events", allow=known_or_not("manager", "analyst"), body=EventsForm, answer=EventsView,
    tag="insight", summary="Send what was done in the shop", errors=(LimitReached,),
)  # fmt: skip
def send_events(call: Call[EventsForm]) -> EventsView:
    """Up to 100 events of one browser, each taken once by its `event_id` alone: send a batch again whenever no answer
    came. One that is refused spoils no other.

    Send events only of who has agreed to be counted: those of a member who has said no to the purpose `analytics`
    are refused. With a member token they are that member's; without one say
    `visitor_id`, a random name that you keep for the browser. Sent along with a member token, it makes that browser's
    events theirs, of before and after, unless another member was the first to sign in there. A brand's API key or team
    tells by `visitor_id` what another shop saw, of any time; everybody else up to 400 days later.

    Types: visit, view, search, filter, compare, cart, checkout, order, review, share, favourite. What members order,
    review, answer and ask here comes by itself; `order` and `review` are steps on somebody's path and never count as
    sales or ratings. Robots are counted apart."""
    language = nearest(call.locale)
    read = call.body.read(language)
    teller = Teller(call.principal, call.body.visitor_id, call.header("user-agent") or "", call.source)
    outcomes = iter(
        tell(call.tenant_id, teller, [each for each in read if isinstance(each, Told)], call.body.sent_at, call.now)
    )
    return EventsView.of([next(outcomes) if isinstance(each, Told) else each for each in read], language)
