"""What may still be changed in a campaign, state by state. Pure."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.model.campaign import Status, in_words, in_words_zh
from chalicelib.campaigns.model.kinds import KIND_TERMS
from chalicelib.kernel.errors import Conflict, FieldError

TEXTS = frozenset({"title", "theme", "description", "refund_policy"})
WORDS = TEXTS - {"refund_policy"}
PLANS = frozenset({"goal", "budget"})
"""What the brand expects of a campaign and spends on it: shoppers never see it."""

TIMES = frozenset({"opens_at", "closes_at"})
ARRIVAL = frozenset({"arrives_on"})
EVERYTHING = (
    TEXTS
    | TIMES
    | ARRIVAL
    | KIND_TERMS
    | PLANS
    | {"kind", "target", "offers", "pickup_point_ids", "peak_orders_per_second"}
)

EDITABLE = {
    Status.DRAFT: EVERYTHING,
    Status.SCHEDULED: TEXTS | TIMES | ARRIVAL | PLANS | {"target", "caps", "no_show"},
    Status.OPEN: WORDS | PLANS | ARRIVAL | {"closes_at"},
    Status.EXTENDED: WORDS | PLANS | ARRIVAL,
    **dict.fromkeys((Status.CLOSING, Status.LOCKED, Status.PURCHASING, Status.RECEIVED, Status.SORTED), ARRIVAL),
}
"""What each state lets staff change, in a campaign of any kind; a state that is not here lets them change nothing.

Once it is announced, what an order is placed by stands: offers, teams, delivery, ways of paying, whom it is for. Until
it opens, so with nobody having ordered, what matters only later may change: target, caps, no-shows. From the first
order on the promises of the page stand too, the refund policy among them: where members of a tier have early access,
from when it opens for the first of them (``CampaignRecord.status_for_first``). The day on which the goods are expected
is known better and better, until they are there.
"""


class NotEditable(Conflict):
    """The campaign's state no longer lets these fields be changed."""

    code, title, title_zh = "campaign_not_editable", "This can no longer be changed", "当前状态下不可修改"


class ClosesOnlyLater(Conflict):
    """An open campaign may be prolonged, never cut short: members rely on the announced close."""

    code, title, title_zh = "closes_only_later", "An open campaign can only close later", "进行中的活动只能延后结束"


def check_edit(status: Status, fields: Iterable[str]) -> None:
    """Refuses changes which the state (as seen at the moment of the edit) does not allow. Raises NotEditable."""
    allowed: frozenset[str] = EDITABLE.get(status, frozenset())
    refused = sorted(set(fields) - allowed)
    if not refused:
        return
    may = "see errors for what it does not take" if allowed else "nothing of it can be changed any more"
    raise NotEditable(
        f"The campaign is {in_words(status)}: {may}.",
        detail_zh=f"活动{in_words_zh(status)}，这些内容不可修改，详见 errors。",
        errors=tuple(
            FieldError(
                f"/{field}", f"Cannot be changed while the campaign is {in_words(status)}.", "当前状态下不可修改。"
            )
            for field in refused
        ),
        extra={"campaign_status": status.value},
    )


def check_prolonged(status: Status, closes_at: datetime | None, to: datetime | None) -> datetime:
    """The new close of a published campaign: it is not taken away, and an open one's is not made earlier.

    Raises ClosesOnlyLater.
    """
    if to is None:
        raise ClosesOnlyLater.at("/closes_at", "A published campaign needs a close.", "已发布的活动必须有结束时间。")
    if status is Status.OPEN and closes_at is not None and to < closes_at:
        message = "Name a later time than the present close, or cancel the campaign."
        raise ClosesOnlyLater.at("/closes_at", message, "请填写比当前更晚的结束时间，或取消活动。")
    return to
