"""What the pages of points and tiers take, as it is typed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.pages.console.loyalty.model import ACTIONS
from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=400)]
MOST_TIERS = 10


class RuleRow(Body):
    """What an action earns; without points it earns none."""

    points: Typed = ""
    amount: Typed = ""
    per_day: Typed = ""
    per_member: Typed = ""
    valid_days: Typed = ""

    def rule(self, action: str, reading: Reading) -> dict[str, Any]:
        """As the API takes it."""
        amount = reading.amount(self.amount, f"/{action}/amount")
        earns = {"per_amount": {"amount": amount, "points": self.points}} if amount else {"points": self.points}
        cap = {name: typed for name in ("per_day", "per_member") if (typed := getattr(self, name))}
        return {"action": action, **earns, "cap": cap} | ({"valid_days": self.valid_days} if self.valid_days else {})


class SpendRow(Body):
    """What points pay; without points they pay nothing."""

    points: Typed = ""
    worth: Typed = ""
    most_share: Typed = ""

    def rule(self, reading: Reading) -> dict[str, Any] | None:
        """As the API takes it."""
        if not self.points and not self.worth:
            return None
        worth = {"worth": worth} if (worth := reading.amount(self.worth, "/spend/worth")) else {}
        share = {"most_share": self.most_share} if self.most_share else {}
        return {"points": self.points} | worth | share


class RulesPage(Body):
    """A brand's rules of points."""

    order: RuleRow = RuleRow()
    participation: RuleRow = RuleRow()
    check_in: RuleRow = RuleRow()
    survey: RuleRow = RuleRow()
    review: RuleRow = RuleRow()
    birthday: RuleRow = RuleRow()
    referral: RuleRow = RuleRow()
    spend: SpendRow = SpendRow()

    @property
    def _typed(self) -> list[str]:
        """The actions for which something was typed, in the order in which they are sent."""
        return [action for action in ACTIONS if getattr(self, action).points or getattr(self, action).amount]

    def rules(self, reading: Reading) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no amount."""
        rules = [getattr(self, action).rule(action, reading) for action in self._typed]
        spend = self.spend.rule(reading)
        reading.check()
        return {"rules": rules} | ({"spend": spend} if spend else {})

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's."""
        refusal.errors = tuple(replace(each, pointer=self._field(each.pointer)) for each in refusal.errors)
        return refusal

    def _field(self, pointer: str) -> str:
        parts = pointer.split("/")
        if parts[1:2] == ["rules"] and len(parts) > 2 and parts[2].isdecimal() and int(parts[2]) < len(self._typed):
            named = next((part for part in reversed(parts) if part in RuleRow.model_fields), "points")
            return f"/{self._typed[int(parts[2])]}/{'amount' if 'amount' in parts else named}"
        return "/spend/worth" if parts[1:3] == ["spend", "worth"] else pointer


class TierRow(Body):
    """A tier as it is typed; one without a title is none."""

    code: Typed = ""
    title: Typed = ""
    threshold: Typed = ""
    points_factor: Typed = ""
    free_delivery: bool = False
    early_access_hours: Typed = ""
    member_price: bool = False

    def tier(self, place: int, code: str, measure: str, reading: Reading) -> dict[str, Any]:
        """As the API takes it, with the code that it has or gets."""
        threshold: Any = self.threshold
        if measure == "spend":
            amount = reading.amount(self.threshold, f"/tiers/{place}/threshold")
            threshold = amount["amount_minor"] if amount else ""
        flags = {"free_delivery": self.free_delivery, "member_price": self.member_price}
        typed = {"points_factor": self.points_factor, "early_access_hours": self.early_access_hours}
        privileges = flags | {name: value for name, value in typed.items() if value}
        return {"code": code, "title": self.title, "from": threshold, "privileges": privileges}


class TiersPage(Body):
    """A brand's tiers."""

    measure: Typed = "spend"
    window_months: Typed = ""
    grace_days: Typed = ""
    tiers: list[TierRow] = []

    @property
    def _places(self) -> list[int]:
        return [place for place, row in enumerate(self.tiers) if row.title or row.threshold]

    def asked(self, reading: Reading) -> dict[str, Any]:
        """As the API takes it: tiers keep the codes that they have, new ones get some that are free. Raises Invalid for
        what is no amount.
        """
        used = {row.code for row in self.tiers}
        free = (code for code in (f"tier-{number}" for number in range(1, 3 * MOST_TIERS)) if code not in used)
        tiers = [
            row.tier(place, row.code or next(free), self.measure, reading)
            for place, row in ((place, self.tiers[place]) for place in self._places)
        ]
        reading.check()
        typed = {"window_months": self.window_months, "grace_days": self.grace_days}
        return {"measure": self.measure, "tiers": tiers} | {name: value for name, value in typed.items() if value}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's, which count the rows left empty."""
        refusal.errors = tuple(_beside(each, self._places) for each in refusal.errors)
        return refusal


def _beside(each: FieldError, places: list[int]) -> FieldError:
    parts = each.pointer.split("/")
    if parts[1:2] != ["tiers"] or len(parts) < 4 or not parts[2].isdecimal() or int(parts[2]) >= len(places):
        return each
    name = {"from": "threshold"}.get(parts[-1], parts[-1])
    return replace(each, pointer=f"/tiers/{places[int(parts[2])]}/{name}")


class PointsPage(Body):
    """Points that are given, or taken, and why."""

    points: Typed = ""
    takes: bool = False
    reason: Typed = ""

    def booked(self) -> Mapping[str, str]:
        """As the API takes it."""
        points = self.points.strip().removeprefix("+").removeprefix("-")
        given = {"delta": f"-{points}" if self.takes else points} if points else {}
        return given | ({"reason": self.reason} if self.reason else {})

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's field, said of the page's."""
        refusal.errors = tuple(
            replace(each, pointer="/points") if each.pointer == "/delta" else each for each in refusal.errors
        )
        return refusal


class TierPage(Body):
    """A tier for a member until a day, and why."""

    tier: Typed = ""
    until_on: Typed = ""
    reason: Typed = ""

    def given(self) -> Mapping[str, str]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}


class EndPage(Body):
    """Why a tier is taken back."""

    reason: Typed = ""

    def given(self) -> Mapping[str, str]:
        """As the API takes it."""
        return {"reason": self.reason} if self.reason else {}
