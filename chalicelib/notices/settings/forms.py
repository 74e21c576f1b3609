"""What the API takes of a brand's decisions about its messages."""

import re
from dataclasses import fields
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, Channel, MessageSettings, QuietHours
from chalicelib.notices.settings.model import AccountTemplate, BrandMessages, OfficialAccount
from chalicelib.web import Body, CurrencyCode, WallTime

_PRICE = r"^[0-9]{1,6}(\.[0-9]{1,6})?$"


def _price(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_PRICE, value.strip()):
        return value
    raise InvalidField(
        'give the price of one part as a decimal in quotes, such as "0.045", with at most six digits on either side of '
        "the point; null where it is not known",
        '请以带引号的小数填写单条价格，例如 "0.045"，整数和小数部分各最多六位；价格未知时填 null',
    )


PricePerPart = Annotated[str, StringConstraints(pattern=_PRICE), BeforeValidator(_price), Field(examples=["0.045"])]
_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]


class QuietHoursForm(Body):
    """Hours in which nothing that can wait arrives, in the reader's own time."""

    begins: WallTime = Field(alias="from")
    ends: WallTime = Field(alias="to")

    def hours(self) -> QuietHours:
        """Raises Invalid for hours without an end, which would be none or all."""
        if self.begins == self.ends:
            raise Invalid.at(
                "/quiet_hours/to",
                "Quiet hours end at another time than they begin; leave them null for none.",
                "免打扰时段的开始与结束时间不能相同；如不需要请填 null。",
            )
        return QuietHours(time.fromisoformat(self.begins), time.fromisoformat(self.ends))


_USUAL_HOURS = QuietHoursForm.model_validate({"from": "22:00", "to": "08:00"})


class CapForm(Body):
    """So many messages to one person in so many days, counted back from each."""

    most: Annotated[int, Field(ge=1, le=100)]
    days: Annotated[int, Field(ge=1, le=31)]

    def cap(self) -> Cap:
        return Cap(self.most, self.days)


class CapsForm(Body):
    """How often one person hears news, and what is only good to know."""

    news: CapForm = CapForm(most=2, days=7)
    service: CapForm = CapForm(most=6, days=1)


class PricesForm(Body):
    """What a part costs by medium, in the brand's currency as an exact decimal such as 0.045; null where it is not
    known.
    """

    email: PricePerPart | None = None
    sms: PricePerPart | None = None
    official_account: PricePerPart | None = None

    def prices(self) -> dict[Channel, Decimal]:
        given: dict[Channel, str | None] = {
            "email": self.email, "sms": self.sms, "official_account": self.official_account,
        }  # fmt: skip
        return {channel: Decimal(price) for channel, price in given.items() if price is not None}


class AccountTemplateForm(Body):
    """What a notice looks like in the official account: a template of the account, and for each of its names the fact
    of the notice that goes there, such as ``thing1: title``. ``link`` is the fact that is a page to open; without one
    it is the shop's page of what the notice is about.
    """

    notice: Annotated[_Name, Field(examples=["order_ready"])]
    template_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,64}$")]
    data: Annotated[dict[_Name, _Name], Field(min_length=1, max_length=20, examples=[{"thing1": "title"}])]
    link: _Name | None = None

    def template(self, at: str) -> AccountTemplate:
        """Raises Invalid for a notice, or a fact of it, that there is not."""
        try:
            facts = {field.name for field in fields(notice_of(self.notice))}
        except UnknownTemplate:
            raise Invalid.at(
                f"{at}/notice", f"There is no notice '{self.notice}'.", f"没有名为“{self.notice}”的通知。"
            ) from None
        wanted = {f"{at}/data/{name}": fact for name, fact in self.data.items()}
        wanted |= {f"{at}/link": self.link} if self.link else {}
        for pointer, fact in wanted.items():
            if fact not in facts:
                known, known_zh = ", ".join(sorted(facts)), "、".join(sorted(facts))
                raise Invalid.at(
                    pointer, f"This notice has no '{fact}'; it has {known}.", f"该通知没有“{fact}”，可用：{known_zh}。"
                )
        return AccountTemplate(self.template_id, dict(self.data), self.link or "")


class OfficialAccountForm(Body):
    """A WeChat official account. Its secret is never shown again; left out, or as it is shown, it stays as it is."""

    app_id: Annotated[
        str, StringConstraints(pattern=r"^wx[0-9A-Za-z]{8,30}$", max_length=32), Field(examples=["wxd678efh567hg6787"])
    ]
    secret: Annotated[str, StringConstraints(pattern=r"^([0-9A-Za-z]{32}|…[0-9A-Za-z]{4})$")] | None = Field(
        default=None, description="The AppSecret, 32 characters", examples=["0123456789abcdef0123456789abcdef"]
    )
    templates: Annotated[list[AccountTemplateForm], Field(max_length=200)] = []

    def account(self) -> OfficialAccount:
        """Raises Invalid for a notice that is named twice."""
        templates: dict[str, AccountTemplate] = {}
        for place, form in enumerate(self.templates):
            at = f"/official_account/templates/{place}"
            if form.notice in templates:
                raise Invalid.at(
                    f"{at}/notice", f"'{form.notice}' has a template already.", f"“{form.notice}”已设置模板。"
                )
            templates[form.notice] = form.template(at)
        return OfficialAccount(self.app_id, templates)


class MessageSettingsForm(Body):
    """A brand's decisions about its messages; what is left out becomes as usual. What was read can be sent back."""

    EXAMPLES = {
        "text messages first, and quiet from nine": {
            "channels": ["sms", "email"],
            "quiet_hours": {"from": "21:00", "to": "08:30"},
            "caps": {"news": {"most": 1, "days": 7}},
            "prices": {"sms": "0.045", "email": "0.0007"},
        },
        "an official account": {
            "official_account": {
                "app_id": "wxd678efh567hg6787",
                "secret": "0123456789abcdef0123456789abcdef",
                "templates": [],
            },
        },
    }

    channels: Annotated[
        list[Literal["official_account", "email", "sms"]],
        Field(min_length=1, max_length=3, description="The order in which media are tried; the others are not used."),
    ] = ["official_account", "email", "sms"]
    quiet_hours: QuietHoursForm | None = _USUAL_HOURS
    caps: CapsForm = CapsForm()
    prices: PricesForm = PricesForm()
    currency: CurrencyCode | None = Field(default=None, description="The brand's own, of the prices.")
    official_account: OfficialAccountForm | None = None

    @property
    def secret(self) -> str | None:
        """The secret of the official account, where one is given."""
        return self.official_account.secret if self.official_account else None

    def messages(self, currency: str) -> BrandMessages:
        """Raises Invalid for what contradicts itself, and for another currency than the brand's."""
        if self.currency not in (None, currency):
            raise Invalid.at("/currency", f"The brand's currency is {currency}.", f"品牌币种为 {currency}。")
        settings = MessageSettings(
            self._channels(),
            self.quiet_hours.hours() if self.quiet_hours else None,
            {Category.NEWS: self.caps.news.cap(), Category.SERVICE: self.caps.service.cap()},
            self.prices.prices(),
        )
        return BrandMessages(settings, self.official_account.account() if self.official_account else None)

    def _channels(self) -> tuple[Channel, ...]:
        """Each once, and one of them reaches whoever has no official account to follow."""
        if len(set(self.channels)) < len(self.channels):
            raise Invalid.at("/channels", "Name each medium once.", "每种通知方式只能填写一次。")
        if not {"email", "sms"} & set(self.channels):
            raise Invalid.at(
                "/channels",
                "Name email or sms as well: not everybody follows an official account.",
                "请至少包含 email 或 sms：并非所有人都关注公众号。",
            )
        return tuple(self.channels)
