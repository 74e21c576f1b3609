"""What the API shows of the use of messages."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from chalicelib.notices.media.model.usage import DayOfMedium, Used, total
from chalicelib.web import LocalDate, MoneyField, View


class UsedView(View):
    """Messages that left, and their parts, each of which is charged for. ``refused`` are those that a provider will
    never take; ``repeated`` may have left twice, of which one is counted. ``cost_exact`` is a decimal in units of the
    brand's currency, at the prices that were set when the messages left, and ``cost`` is that, rounded once;
    ``unpriced_parts`` had no price, and where none had one, the cost is null.
    """

    messages: int
    parts: int
    refused: int
    repeated: int
    unpriced_parts: int
    cost: MoneyField | None
    cost_exact: str | None


class UsedRow(UsedView):
    """What left by one medium on one local day."""

    on: LocalDate
    channel: str


class UsedSum(UsedView):
    """What left by one medium on all of the days."""

    channel: str


class UsageView(View):
    """By day and medium, by medium, and all together: sums are of the exact cost, so that rounded ones may differ."""

    from_on: LocalDate
    to_on: LocalDate
    timezone: str
    rows: list[UsedRow]
    sums: list[UsedSum]
    total: UsedView

    @classmethod
    def of(cls, found: Sequence[DayOfMedium], days: tuple[date, date], timezone: str, currency: str) -> Self:
        media = sorted({each.channel for each in found})
        sums = {medium: total(each.used for each in found if each.channel == medium) for medium in media}
        return cls(
            from_on=days[0],
            to_on=days[1],
            timezone=timezone,
            rows=[UsedRow(on=each.on, channel=each.channel, **_shown(each.used, currency)) for each in found],
            sums=[UsedSum(channel=medium, **_shown(used, currency)) for medium, used in sums.items()],
            total=UsedView(**_shown(total(sums.values()), currency)),
        )


def _shown(used: Used, currency: str) -> dict[str, Any]:
    cost = used.money(currency)
    return {
        "messages": used.messages, "parts": used.parts, "refused": used.refused, "repeated": used.repeated,
        "unpriced_parts": used.unpriced,
        "cost": MoneyField.of(cost.amount_minor, currency) if cost else None,
        "cost_exact": f"{used.cost:f}" if cost else None,
    }  # fmt: skip
