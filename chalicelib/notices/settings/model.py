"""A brand's decisions about its messages, and its official account with what each notice looks like there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.notices.recipients.model import MessageSettings


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template message of the brand's own: its id at WeChat, which fact goes into which of its names, and the fact
    that is the page which a touch opens, if any.
    """

    template_id: str
    data: Mapping[str, str]
    link: str = ""


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """A brand's official account at WeChat, with a template for each notice that it tells there, by the notice's name.
    Its secret lies elsewhere, sealed.
    """

    app_id: str
    templates: Mapping[str, AccountTemplate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrandMessages:
    """All that a brand has decided; ``hint`` are the last letters of the account's secret."""

    settings: MessageSettings = field(default_factory=MessageSettings)
    account: OfficialAccount | None = None
    sealed: str = field(default="", repr=False)
    hint: str = ""
