"""What the API shows of a brand's decisions about its messages."""

from typing import Self

from pydantic import ConfigDict, Field

from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, Channel, QuietHours
from chalicelib.notices.settings.model import BrandMessages, OfficialAccount
from chalicelib.web import CurrencyCode, View


class QuietHoursView(View):
    """Hours in which nothing that can wait arrives, in the reader's own time."""

    model_config = ConfigDict(serialize_by_alias=True)

    begins: str = Field(serialization_alias="from")
    ends: str = Field(serialization_alias="to")

    @classmethod
    def of(cls, hours: QuietHours) -> Self:
        return cls(begins=f"{hours.begins:%H:%M}", ends=f"{hours.ends:%H:%M}")


class CapView(View):
    """So many messages to one person in so many days, counted back from each."""

    most: int
    days: int


class CapsView(View):
    """How often one person hears news, and what is only good to know."""

    news: CapView
    service: CapView


class PricesView(View):
    """What a part costs by medium, an exact decimal in the brand's currency."""

    email: str | None
    sms: str | None
    official_account: str | None


class AccountTemplateView(View):
    """How a notice is told in the official account, and which fact of it is the page that opens."""

    notice: str
    template_id: str
    data: dict[str, str]
    link: str | None


class OfficialAccountView(View):
    """The official account; of its ``secret`` the last letters."""

    app_id: str
    secret: str
    templates: list[AccountTemplateView]

    @classmethod
    def of(cls, account: OfficialAccount, hint: str) -> Self:
        templates = [
            AccountTemplateView(
                notice=name, template_id=template.template_id, data=dict(template.data), link=template.link or None
            )
            for name, template in account.templates.items()
        ]
        return cls(app_id=account.app_id, secret=hint, templates=templates)


class MessageSettingsView(View):
    channels: list[str]
    quiet_hours: QuietHoursView | None
    caps: CapsView
    prices: PricesView
    currency: CurrencyCode
    official_account: OfficialAccountView | None

    @classmethod
    def of(cls, messages: BrandMessages, currency: str) -> Self:
        chosen = messages.settings
        return cls(
            channels=list(chosen.channels),
            quiet_hours=QuietHoursView.of(chosen.quiet_hours) if chosen.quiet_hours else None,
            caps=CapsView(news=_cap(chosen.caps[Category.NEWS]), service=_cap(chosen.caps[Category.SERVICE])),
            prices=PricesView(**{channel: _price(messages, channel) for channel in PricesView.model_fields}),  # type: ignore[arg-type]
            currency=currency,
            official_account=OfficialAccountView.of(messages.account, messages.hint) if messages.account else None,
        )


def _cap(cap: Cap) -> CapView:
    return CapView(most=cap.most, days=cap.days)


def _price(messages: BrandMessages, channel: Channel) -> str | None:
    price = messages.settings.prices.get(channel)
    return None if price is None else str(price)
