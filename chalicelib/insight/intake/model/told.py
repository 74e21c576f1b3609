"""What a browser or another shop tells: when it was, whether it can be taken, and when two say the same. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from chalicelib.insight.intake.model.kinds import KINDS, TOLD
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.stream import Actor, Event
from chalicelib.kernel.clock import instant, sortable

KEPT = timedelta(days=400)
"""For how long an event is kept after its receipt, and its id known."""

MOST_EVENTS = 100
"""Events in a request."""

MOST_PROPERTIES = 10

MOST_PRODUCTS = 50
"""Products that one event is about."""

MOST_MS = 24 * 3600 * 1000
"""How long a view may have been, in milliseconds: a day."""

CONTINUES = "continues"
"""The property of a view that says: what was told of it before goes on, with how long it was looked at since."""

SKEW = timedelta(minutes=5)
"""How far a clock may be off without being corrected, or ahead without being refused."""

LATE = timedelta(days=400)
"""How long after it was an event may be told; the brand's own team and keys may tell of any time."""

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Said = str | int | bool


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was told, ``at`` by the clock of whoever told it. What is not known is empty."""

    event_id: str
    kind: str
    at: datetime
    product_ids: tuple[str, ...] = ()
    campaign_id: str = ""
    channel: str = ""
    duration_ms: int | None = None
    properties: Mapping[str, Said] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Tells one content from another; whoever told it, and whenever, it is the same."""
        products = ",".join(self.product_ids)
        said = [self.kind, sortable(self.at), products, self.campaign_id, self.channel, self.duration_ms]
        content = json.dumps([*said, sorted(self.properties.items())], separators=(",", ":"), ensure_ascii=False)
        return hashlib.blake2b(content.encode(), digest_size=12).hexdigest()

    def event(self, actor: Actor, at: datetime, place: int) -> Event:
        """It as an event of the stream, at its instant by our clock."""
        return Event(actor, self.kind, at, place, self.product_ids, self.campaign_id, self.channel, self.duration_ms)


def correction(sent_at: datetime | None, received_at: datetime) -> timedelta:
    """By how much the clock of a device is to be moved: by what it was off when it sent, as far as that is more than a
    slow network or a small difference explains.
    """
    off = received_at - sent_at if sent_at else timedelta()
    return off if abs(off) > SKEW else timedelta()


def by_our_clock(at: datetime, moved: timedelta) -> datetime:
    """An instant by the clock of a device, as it is by ours; what no calendar holds is the first or the last one."""
    try:
        return at + moved
    except OverflowError:
        return _FIRST if moved < timedelta() else _LAST


def refusal(told: Told, at: datetime, received_at: datetime, earliest: date | None) -> Words | None:
    """Why an event cannot be taken; None for one that can. ``at`` is its instant by our clock, ``earliest`` the first
    day (UTC) of which may be told; None leaves it to LATE.
    """
    kind = KINDS.get(told.kind)
    if kind is None:
        return Words(
            f"type '{told.kind}' is unknown; use one of {', '.join(TOLD)}",
            f"事件类型“{told.kind}”不存在，可用：{'、'.join(TOLD)}",
        )
    if not kind.told:
        return Words(
            f"'{told.kind}' comes from the shop's own records; leave it out",
            f"“{told.kind}”由店铺自身记录产生，请勿上报",
        )
    if at > received_at + SKEW:
        return Words(
            f"at {instant(at)} is in the future; send sent_at by the same clock, so that it can be corrected",
            f"时间 {instant(at)} 晚于当前时间，请同时填写按同一时钟记录的 sent_at 以便校正",
        )
    if at.date() < earliest if earliest else at < received_at - LATE:
        return Words(
            f"at {instant(at)} is too long ago; events are taken up to {LATE.days} days later",
            f"时间 {instant(at)} 过早，仅接收 {LATE.days} 天内的事件",
        )
    return None
