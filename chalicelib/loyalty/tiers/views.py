"""What the API shows of tiers."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import ConfigDict, Field

from chalicelib.loyalty.tiers.model.standing import Standing, lost_on
from chalicelib.loyalty.tiers.model.tiers import ONE, Measure, Privileges, Tier, Tiers
from chalicelib.loyalty.tiers.service.standings import Stand
from chalicelib.web import LocalDate, UlidStr, View


class PrivilegesView(View):
    """What a tier is good for; ``points_factor`` multiplies the points of orders."""

    points_factor: str
    free_delivery: bool
    early_access_hours: int
    member_price: bool

    @classmethod
    def of(cls, privileges: Privileges) -> Self:
        return cls(
            points_factor=f"{(Decimal(privileges.points_factor_bps) / ONE).normalize():f}",
            free_delivery=privileges.free_delivery,
            early_access_hours=privileges.early_access_hours,
            member_price=privileges.member_price,
        )


class TierView(View):
    """A tier, reached ``from`` so much of the measure; money in minor units."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    code: str
    title: str
    threshold: int = Field(alias="from")
    privileges: PrivilegesView

    @classmethod
    def of(cls, tier: Tier) -> Self:
        shown = {"code": tier.code, "title": tier.title, "from": tier.threshold}
        return cls.model_validate(shown | {"privileges": PrivilegesView.of(tier.privileges)})


class TiersView(View):
    """A brand's tiers, the lowest first."""

    measure: Literal["spend", "orders", "points"]
    window_months: int
    grace_days: int
    tiers: list[TierView]

    @classmethod
    def of(cls, tiers: Tiers) -> Self:
        return cls(
            measure=tiers.measure.value,
            window_months=tiers.window_months,
            grace_days=tiers.grace_days,
            tiers=[TierView.of(tier) for tier in tiers.tiers],
        )


class GivenTierView(View):
    """A tier that the team gave, up to and including a local day."""

    tier: str
    until_on: LocalDate


class NextTierView(View):
    """The tier above the one they have, and how much of the measure is missing; money in minor units."""

    tier: TierView
    missing: int


class StandingView(View):
    """Where a member stands: the tier they have, how much of the measure counts today, and what leads to the next one.
    Who falls short of a tier keeps it until the day before ``lost_on``. ``given`` is what the team gave.
    """

    member_id: UlidStr
    measure: Literal["spend", "orders", "points"]
    value: int
    tier: TierView | None
    next: NextTierView | None
    lost_on: LocalDate | None
    given: GivenTierView | None

    @classmethod
    def of(cls, stand: Stand, standing: Standing) -> Self:
        """``standing`` is that of today, which the record may not show yet."""
        tiers, given = stand.tiers, standing.given
        value = standing.value(tiers, standing.seen_on) if standing.seen_on else 0
        has = tiers.named(standing.tier(tiers))
        above = max(tiers.reached(value), tiers.place(has.code if has else None)) + 1
        following = tiers.named(tiers.at(above)) if above < len(tiers.tiers) else None
        return cls(
            member_id=stand.member.id,
            measure=Measure(tiers.measure).value,
            value=value,
            tier=TierView.of(has) if has else None,
            next=NextTierView(tier=TierView.of(following), missing=following.threshold - value) if following else None,
            lost_on=lost_on(standing, tiers),
            given=GivenTierView(tier=given.code, until_on=given.until_on) if given else None,
        )
