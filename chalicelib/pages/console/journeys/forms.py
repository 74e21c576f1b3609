"""What the pages of journeys take."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.journeys.model.steps import StepKind
from chalicelib.pages.shell.typed import percent
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=5_000)]
Number = Annotated[int, Field(ge=0, le=99)]


class AddQuery(Query):
    """What is to be added, and before which step."""

    kind: StepKind | None = None
    at: Number | None = None


class RecipeForm(Body):
    """A ready-made journey, with what its coupons give, as it is typed."""

    name: Text = ""
    percent_off: Text = ""
    valid_days: Text = ""
    control_share: Text = ""
    quiet_days: Text = ""

    def recipe(self) -> Mapping[str, Any]:
        """What the API takes."""
        said = {
            "percent_off": percent(self.percent_off), "valid_days": self.valid_days.strip(),
            "control_share": percent(self.control_share), "quiet_days": self.quiet_days.strip(),
        }  # fmt: skip
        return {"name": self.name, **{name: value for name, value in said.items() if value}}


class SettingsForm(Body):
    """All of a journey but its steps, as it is typed."""

    title: Text = ""
    trigger: Text = ""
    days: Text = ""
    member_class: Text = ""
    tier: Text = ""
    segment_id: Text = ""
    control_share: Text = ""
    goal_days: Text = ""
    again_after_days: Text = ""
    exit_on_purchase: Text = ""
    cap_most: Text = ""
    cap_days: Text = ""
    quiet_from: Text = ""
    quiet_to: Text = ""
    verdict_members: Text = ""
    verdict_days: Text = ""

    def journey(self) -> Mapping[str, Any]:
        """What the API takes."""
        trigger = {"kind": self.trigger, **_given({"quiet": {"days": self.days}, "class": {"class": self.member_class},
                   "tier_reached": {"tier": self.tier},
                   "segment_entered": {"segment_id": self.segment_id}}.get(self.trigger, {}))}  # fmt: skip
        cap = _given({"most": self.cap_most, "days": self.cap_days})
        quiet = _given({"from": self.quiet_from, "to": self.quiet_to})
        return {
            "title": self.title, "trigger": trigger, "cap": cap or None, "quiet_hours": quiet or None,
            "control_share": percent(self.control_share) or "0",
            "again_after_days": self.again_after_days.strip() or None,
            "exit_on_purchase": self.exit_on_purchase == "true",
            **_given({"goal_days": self.goal_days}),
            "verdict_after": _given({"members": self.verdict_members, "days": self.verdict_days}),
        }  # fmt: skip


class BlankForm(SettingsForm):
    """A journey without steps yet."""


class StepTyped(Body):
    """A step as it is typed."""

    kind: Text = ""
    at: Text = ""
    days: Text = ""
    hours: Text = ""
    until: Text = ""
    who: Text = ""
    otherwise: Text = ""
    skip: Text = ""
    texts: dict[str, dict[str, Text]] = Field(default={}, max_length=2)
    batch_id: Text = ""
    points: Text = ""
    tag: Text = ""
    segment_id: Text = ""
    text: Text = ""

    def step(self) -> dict[str, Any]:
        """What the API takes."""
        match self.kind:
            case "wait":
                said = {"days": self.days, "hours": self.hours, "at": self.until}
            case "condition":
                return {
                    "kind": "condition",
                    **_condition(self.who, self.segment_id),
                    **_otherwise(self.otherwise, self.skip),
                }
            case "message":
                texts = {at: words for at, words in self.texts.items() if any(each.strip() for each in words.values())}
                return {"kind": "message", "texts": texts}
            case "coupon":
                said = {"batch_id": self.batch_id}
            case "points":
                said = {"points": self.points}
            case "tag":
                said = {"tag": self.tag}
            case _:
                said = {"text": self.text}
        return {"kind": self.kind, **_given(said)}


def _condition(who: str, segment_id: str) -> dict[str, Any]:
    if who.startswith("class "):
        return {"asks": "class", "class": who.removeprefix("class ")}
    asks = who.removeprefix("not ")
    return {
        "asks": asks, "is": not who.startswith("not "),
        **(_given({"segment_id": segment_id}) if asks == "segment" else {}),
    }  # fmt: skip


def _otherwise(otherwise: str, skip: str) -> dict[str, Any]:
    return {"otherwise": "skip", **_given({"skip": skip})} if otherwise == "skip" else {"otherwise": "leave"}


def _given(said: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in said.items() if value.strip()}


def of_step(pointer: str) -> str:
    """The field of a step's form that the API speaks of."""
    inside = re.sub(r"^/steps/\d+", "", pointer)
    return {"/at": "/until", "/asks": "/who", "/class": "/who", "/is": "/who"}.get(inside, inside)


_SETTINGS = {
    "/trigger/kind": "/trigger", "/trigger/days": "/days", "/trigger/class": "/member_class", "/trigger/tier": "/tier",
    "/trigger/segment_id": "/segment_id",
    "/cap/most": "/cap_most", "/cap/days": "/cap_days", "/quiet_hours/from": "/quiet_from",
    "/quiet_hours/to": "/quiet_to", "/verdict_after/members": "/verdict_members",
    "/verdict_after/days": "/verdict_days",
}  # fmt: skip


def of_settings(pointer: str) -> str:
    """The field of the settings' form that the API speaks of."""
    return _SETTINGS.get(pointer, pointer)
