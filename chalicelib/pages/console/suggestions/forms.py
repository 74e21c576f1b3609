"""What the pages of suggestions take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]


class AdoptionPage(Body):
    """The plan as it is typed, with what it brings whoever suggested it."""

    plan: Typed = ""
    done_by: Typed = ""
    points: Typed = ""
    coupon_batch_id: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        given = {"points": self.points, "coupon_batch_id": self.coupon_batch_id}
        reward = {name: value for name, value in given.items() if value}
        return {"plan": self.plan, "done_by": self.done_by, "reward": reward}


class CompletionPage(Body):
    """What was done, where there are better words than the plan's."""

    plan: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"plan": self.plan} if self.plan else {}


class AssessmentPage(Body):
    """What it would bring and cost, whose it is, and a note; what is empty stays."""

    value: Typed = ""
    effort: Typed = ""
    owner: Typed = ""
    note: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}


class GroupPage(Body):
    """The suggestion that this is one with; empty takes it out of its group."""

    same_as: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"same_as": self.same_as or None}
