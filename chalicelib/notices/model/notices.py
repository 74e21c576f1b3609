"""What people are told, by whom it reaches and with which facts. Pure.

A notice is a class of its own, named by its template; its fields are the facts that the template's texts show. Instants
come as texts, in the brand's wall time; amounts, and what is listed, are said as people of the recipient's language
write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, Self

from chalicelib.kernel.language import Language, nearest
from chalicelib.kernel.money import Money
from chalicelib.rate_limits.model import Budget, Ways

Medium = Literal["email", "sms", "nobody"]
"""How a message goes out. To ``nobody`` nothing is sent: an unknown person's sign-in is queued like any other, to look
the same."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: an address, the medium that reaches it, and the language (BCP 47) they read."""

    medium: Medium
    address: str
    locale: str


Listed = tuple[str, ...]
"""Several things, with the comma of the reader's language between them."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are told."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class SignInCode(Notice):
    """A code to sign in with, valid for so many minutes."""

    template = "sign_in_code"
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class SignInGuessed(Notice):
    """Many wrong codes were tried at the reader's address today; their next codes are longer."""

    template = "sign_in_guessed"
    brand: str


@dataclass(frozen=True, slots=True)
class IdentityCode(Notice):
    """A code that confirms an e-mail or a phone number as what somebody signs in with, valid for so many minutes."""

    template = "identity_code"
    code: str
    shown: str
    minutes: int


OF_SIGN_IN = frozenset({SignInCode.template, SignInGuessed.template, IdentityCode.template})
"""What a brand sends from its first day on, to whoever signs in: limited by what is said of each message."""


@dataclass(frozen=True, slots=True)
class IdentityChanged(Notice):
    """To where somebody was reached so far: what they sign in with from now on, in part."""

    template = "identity_changed"
    brand: str
    shown: str


@dataclass(frozen=True, slots=True)
class SurveyInvitation(Notice):
    """A link to a survey, open up to and including a local day."""

    template = "survey_invitation"
    brand: str
    title: str
    url: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice on its way: as the ``notify`` queue carries it, where its template is known by name.

    ``ways`` are the budgets that let it leave; without any, nothing but its brand's own limits holds it.
    """

    to: Recipient
    template: str
    params: Mapping[str, Any]
    ways: Ways = ()

    @classmethod
    def of(cls, notice: Notice, to: Recipient, ways: Ways = ()) -> Self:
        language = nearest(to.locale)
        facts = {field.name: getattr(notice, field.name) for field in fields(notice)}
        said = {name: _said(fact, language) for name, fact in facts.items()}
        return cls(to, notice.template, said, ways)

    def as_json(self) -> dict[str, Any]:
        """The message's data. Messages are in flight while a new version is deployed: the names stay as they are."""
        ways = [[[budget.limit, budget.subject] for budget in way] for way in self.ways]
        return {
            "channel": self.to.medium, "to": self.to.address, "locale": self.to.locale,
            "template": self.template, "params": dict(self.params),
        } | ({"ways": ways} if ways else {})  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        to = Recipient(data["channel"], data["to"], data["locale"])
        ways = tuple(tuple(Budget(*budget) for budget in way) for way in data.get("ways", ()))
        return cls(to, data["template"], data["params"], ways)


def _said(fact: Any, language: Language) -> Any:
    if isinstance(fact, Money):
        return fact.said(language)
    return ("，" if language == "zh" else ", ").join(fact) if isinstance(fact, tuple) else fact
