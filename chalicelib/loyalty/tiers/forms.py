"""What the API takes of tiers."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.loyalty.tiers.errors import ThresholdsMustRise
from chalicelib.loyalty.tiers.model.standing import Given
from chalicelib.loyalty.tiers.model.tiers import (
    GRACE_DAYS,
    LONGEST_WINDOW_MONTHS,
    ONE,
    Measure,
    Privileges,
    Tier,
    Tiers,
)
from chalicelib.web import Body, Harmless, LocalDate, Title

TierCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")]
Factor = Annotated[
    str,
    StringConstraints(pattern=r"^(?:[1-9](?:\.[0-9]{1,2})?|10(?:\.0{1,2})?)$"),
    Field(description="A decimal from 1 to 10 with at most two places.", examples=["1.5"]),
]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200), Harmless]


class PrivilegesForm(Body):
    """What a tier is good for; what is left out it is not. ``points_factor`` multiplies the points of orders."""

    points_factor: Factor = "1"
    free_delivery: bool = False
    early_access_hours: Annotated[int, Field(ge=0, le=168)] = 0
    member_price: bool = False

    def terms(self) -> Privileges:
        factor = int(Decimal(self.points_factor) * ONE)
        return Privileges(factor, self.free_delivery, self.early_access_hours, self.member_price)


class TierForm(Body):
    """A tier, reached ``from`` so much of the measure: orders, points, or money in minor units."""

    code: TierCode
    title: Title
    threshold: int = Field(ge=0, le=MAX_MINOR, alias="from")
    privileges: PrivilegesForm = PrivilegesForm()

    def terms(self) -> Tier:
        return Tier(self.code, self.title, self.threshold, self.privileges.terms())


_EXAMPLE: dict[str, Any] = {
    "measure": "spend",
    "window_months": 12,
    "tiers": [
        {"code": "silver", "title": "银卡", "from": 50_000, "privileges": {"points_factor": "1.2"}},
        {"code": "gold", "title": "金卡", "from": 200_000, "privileges": {"free_delivery": True}},
    ],
}  # fmt: skip


class TiersForm(Body):
    """All tiers, the lowest first, and what is measured over which months of the brand's calendar, the running one
    among them. Who falls short keeps a tier for ``grace_days``, and to the end of the month then.
    """

    EXAMPLES = {"by what is spent in a year": _EXAMPLE}

    measure: Literal["spend", "orders", "points"] = "spend"
    window_months: Annotated[int, Field(ge=1, le=LONGEST_WINDOW_MONTHS)] = 12
    grace_days: Annotated[int, Field(ge=0, le=365)] = GRACE_DAYS
    tiers: Annotated[list[TierForm], Field(max_length=10)] = []

    @model_validator(mode="after")
    def _each_code_once(self) -> Self:
        if len({tier.code for tier in self.tiers}) < len(self.tiers):
            raise InvalidField("give each tier a code of its own", "每个等级的代码须各不相同")
        return self

    def terms(self) -> Tiers:
        """Raises ThresholdsMustRise."""
        for place, (lower, higher) in enumerate(zip(self.tiers, self.tiers[1:], strict=False), 1):
            if higher.threshold <= lower.threshold:
                raise ThresholdsMustRise.at(
                    f"/tiers/{place}/from",
                    f"'{higher.code}' begins at {higher.threshold}, which is not above {lower.threshold} of "
                    f"'{lower.code}'; list tiers from the lowest to the highest.",
                    f"“{higher.code}”的门槛 {higher.threshold} 须高于“{lower.code}”的 {lower.threshold}；"
                    "请按从低到高排列。",
                )
        tiers = tuple(tier.terms() for tier in self.tiers)
        return Tiers(Measure(self.measure), self.window_months, self.grace_days, tiers)


class GiveTierForm(Body):
    """A tier for a member, up to and including a local day, and why."""

    EXAMPLES = {"gold for a year": {"tier": "gold", "until_on": "2027-11-30", "reason": "开业以来一直支持我们"}}

    tier: TierCode
    until_on: LocalDate
    reason: Reason

    def given(self) -> Given:
        return Given(self.tier, self.until_on)


class EndTierForm(Body):
    """Why a tier that was given is taken back."""

    EXAMPLES = {"given by mistake": {"reason": "误操作"}}

    reason: Reason
