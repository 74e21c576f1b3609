"""What the API takes of personal invitations."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from chalicelib.kernel.errors import FieldError, Invalid, InvalidField
from chalicelib.kernel.local_day import day_bounds
from chalicelib.members.model.identities import Identity
from chalicelib.recruitment.prospects.model import LONGEST as LONGEST_INVITATION
from chalicelib.recruitment.prospects.model import MOST_AT_ONCE, State
from chalicelib.recruitment.prospects.service.prospects import Person, Terms
from chalicelib.web import (
    Body,
    EmailText,
    LocalDate,
    LocaleTag,
    OneLine,
    PhoneText,
    Query,
    Title,
    UlidStr,
)


class ProspectForm(Body):
    """Somebody to be invited, by e-mail or phone, with where and on which day they agreed to be."""

    name: Title | None = None
    email: EmailText | None = None
    phone: PhoneText | None = None
    source: Title = Field(description="Where they agreed, such as: list at the market stand.")
    agreed_on: LocalDate = Field(description="When they agreed.")

    @model_validator(mode="after")
    def _one_address(self) -> "ProspectForm":
        if (self.email is None) == (self.phone is None):
            raise InvalidField("give an e-mail or a phone number, one of the two", "请提供邮箱或手机号其中之一")
        return self

    def person(self) -> Person:
        """As they are invited."""
        identity = Identity("email", self.email) if self.email else Identity("phone", self.phone or "")
        return Person(identity, self.source, self.agreed_on, self.name)


class ProspectsForm(Body):
    """People who have agreed to be invited, and until which day they may join, that day included. ``locale`` is the
    language of the invitation, the store's own where it is null.
    """

    EXAMPLES = {
        "after a market day": {
            "people": [
                {"name": "Fang", "email": "fang@home.example", "source": "小区集市登记表", "agreed_on": "2026-11-28"}
            ],
            "join_by": "2026-12-31",
        }
    }

    people: Annotated[list[ProspectForm], Field(min_length=1, max_length=MOST_AT_ONCE)]
    join_by: LocalDate
    coupon_batch_id: UlidStr | None = None
    locale: LocaleTag | None = None

    def persons(self, today: date) -> list[Person]:
        """Whom to invite. Raises Invalid for who is to have agreed on a day to come."""
        later = [at for at, each in enumerate(self.people) if each.agreed_on > today]
        if later:
            message, chinese = (
                "nobody has agreed on a day to come; give the day on which they did",
                "同意日期不能晚于今天",
            )
            faults = tuple(FieldError(f"/people/{at}/agreed_on", message, chinese) for at in later)
            raise Invalid(message, detail_zh=chinese, errors=faults)
        return [each.person() for each in self.people]

    def terms(self, today: date, tz: ZoneInfo) -> Terms:
        """What their invitations say. Raises Invalid for a last day that is over, or too far away."""
        if not today <= self.join_by <= today + LONGEST_INVITATION:
            raise Invalid.at(
                "/join_by", f"Choose a day from today on, within {LONGEST_INVITATION.days} days.",
                f"请选择今天起 {LONGEST_INVITATION.days} 天以内的日期。",
            )  # fmt: skip
        return Terms(day_bounds(self.join_by, tz)[1], self.coupon_batch_id, self.locale)


class ProspectsQuery(Query):
    """Those of one status alone."""

    status: Annotated[State, Field(strict=False)] | None = None


class NoMoreForm(Body):
    """The code of the invitation that brought the link."""

    EXAMPLES = {"from the link": {"code": "4QJ7ZK2M9T0B8H3V5X6C1DP"}}

    code: Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]
