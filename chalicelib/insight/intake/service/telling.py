"""Who may tell of events, how often, and as whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.intake.model.robots import is_robot
from chalicelib.insight.intake.model.told import Told
from chalicelib.insight.intake.service.joining import join
from chalicelib.insight.intake.service.taking_in import Batch, Outcome, Status, take_in
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.stream import Actor
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.members.service.members import get_member
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import take

_OBJECTS = Words(
    "this member has said no to being counted (consent analytics); send nothing of what they do",
    "该会员未同意用于统计（consent analytics），请勿上报其行为",
)


class _Objects(Exception):
    """The member does not want to be counted."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who sends: by whose credential if any, from which browser, network and User-Agent."""

    principal: Principal
    visitor_id: str | None
    agent: str
    source: str


def tell(
    tenant_id: str, teller: Teller, told: Sequence[Told], sent_at: datetime | None, now: datetime
) -> list[Outcome]:
    """Takes in what a browser or another shop of the brand saw; answers for each, in their order.

    A member's token says whose the events are, and makes the visitor theirs where nobody was before; the brand's own
    team and keys may tell of any time. Of a member who has said no to being counted each is refused. Raises Invalid
    where nobody says whose they are, LimitReached for who sends too much.
    """
    try:
        actor = _actor(tenant_id, teller, now)
    except _Objects:
        return [Outcome(each.event_id, Status.REFUSED, _OBJECTS) for each in told]
    by_brand = teller.principal.kind in ("staff", "api_key")
    earliest: date | None = EARLIEST_ON if by_brand else None
    robot = teller.principal.kind == "anonymous" and is_robot(teller.agent)
    return take_in(tenant_id, Batch(actor, told, sent_at, robot, earliest), now)


def _actor(tenant_id: str, teller: Teller, now: datetime) -> Actor:
    who, visitor_id = teller.principal, teller.visitor_id
    if who.kind == "member":
        take([Budget.of("events_a_member", tenant_id, who.id)], now)
        member = get_member(tenant_id, who.id)
        if member.objects_to_figures:
            raise _Objects
        ordinal = int(member.ordinal)
        if visitor_id:
            join(tenant_id, visitor_id, ordinal, now)
        return ordinal
    if not visitor_id:
        raise Invalid.at(
            "/visitor_id",
            "Say whose events these are: with a member token, or by a random name that you keep for the browser.",
            "请使用会员令牌，或填写为该浏览器保留的随机标识。",
        )
    if who.kind == "anonymous":
        take([Budget.of("events_a_source", tenant_id, teller.source)], now)
    return visitor_id
