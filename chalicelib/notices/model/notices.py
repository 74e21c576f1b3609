"""What people are told, by whom it reaches and with which facts. Pure.

A notice is a class of its own, declared beside the event that causes it: its name, what it is about, its category and
urgency, who is told, and what it says in each language unless the brand has words of its own. Its fields are the facts
that the texts show. The catalogue knows every class by its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.facts import Fact, as_json, from_json, said
from chalicelib.notices.model.people import Person
from chalicelib.rate_limits.model import Budget, Ways

Medium = Literal["email", "sms", "nobody"]
"""How a message goes out. To ``nobody`` nothing is sent: an unknown person's sign-in is queued like any other, to look
the same."""


class Category(StrEnum):
    """What a notice is for, which decides what a person may ask not to get.

    ``access``, ``order`` and ``money`` always go, at any hour. ``service`` goes unless it was declined, and ``news``
    only with the consent ``marketing``; quiet hours, caps and digests hold these two.
    """

    ACCESS = "access"
    ORDER = "order"
    MONEY = "money"
    SERVICE = "service"
    NEWS = "news"


class Urgency(StrEnum):
    """``act``: the reader has to do something by a time, so it goes by SMS too and into no digest; ``know``: it waits
    in the inbox of whoever has no address that costs nothing.
    """

    ACT = "act"
    KNOW = "know"


Audience = Literal["member", "leader", "team"]
"""Who is told: a member, a leader of a pickup point, or people of the brand's team."""

Texts = Mapping[Language, tuple[str, str]]
"""Subject and text by language, ``{name}`` for the fact of that name. SMS uses the text alone."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: an address, the medium that reaches it, and the language (BCP 47) that is read there."""

    medium: Medium
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class Telling:
    """How a notice is told. ``about`` is the kind of thing that it concerns, such as ``order``, whose id goes with it;
    ``roles`` are those of the team who are told, owners where nobody has any of them.
    """

    category: Category
    urgency: Urgency = Urgency.KNOW
    audience: Audience = "member"
    roles: frozenset[str] = frozenset()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are told."""

    template: ClassVar[str]
    telling: ClassVar[Telling] = Telling(Category.ORDER)
    texts: ClassVar[Texts] = {}

    def __init_subclass__(cls) -> None:
        super(Notice, cls).__init_subclass__()
        if "template" in vars(cls):
            declared(cls)

    @property
    def facts(self) -> dict[str, Fact]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


DECLARED: dict[str, type[Notice]] = {}
"""The notices of the modules that are imported, by name. The catalogue sees to it that all are."""


def declared(kind: type[Notice]) -> None:
    """Makes a notice known under its name. Raises ValueError where another has it."""
    other = DECLARED.get(kind.template)
    if other is not None and (other.__module__, other.__qualname__) != (kind.__module__, kind.__qualname__):
        raise ValueError(f"two notices are called {kind.template!r}")
    DECLARED[kind.template] = kind


SIGN_IN_CODE = "sign_in_code"
WITH_CODES = frozenset({SIGN_IN_CODE, "identity_code"})
"""Notices that bring a code, which the embedded stack logs for whoever develops."""

OF_SIGN_IN = WITH_CODES | {"sign_in_guessed"}
"""What a brand sends from its first day on, to whoever signs in: limited by what is said of each message."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice on its way: as the ``notify`` queue carries it, where its template is known by name.

    ``ways`` are the budgets that let it leave; without any, nothing but its brand's own limits holds it.
    """

    to: Destination
    template: str
    params: Mapping[str, Any]
    ways: Ways = ()

    @classmethod
    def of(cls, notice: Notice, to: Destination, ways: Ways = ()) -> Self:
        language = nearest(to.locale)
        params = {
            name: fact if isinstance(fact, int) else said(fact, language, _UTC) for name, fact in notice.facts.items()
        }
        return cls(to, notice.template, params, ways)

    def as_json(self) -> dict[str, Any]:
        """The message's data. Messages are in flight while a new version is deployed: the names stay as they are."""
        ways = [[[budget.limit, budget.subject] for budget in way] for way in self.ways]
        return {
            "channel": self.to.medium, "to": self.to.address, "locale": self.to.locale,
            "template": self.template, "params": dict(self.params),
        } | ({"ways": ways} if ways else {})  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        to = Destination(data["channel"], data["to"], data["locale"])
        ways = tuple(tuple(Budget(*budget) for budget in way) for way in data.get("ways", ()))
        return cls(to, data["template"], data["params"], ways)


_UTC = ZoneInfo("UTC")
"""No notice to an address alone tells an instant: only the person's own settings say in which zone they live."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice to a person on its way, as the ``notify`` queue carries it; ``subject_id`` names what it is about."""

    person: Person
    template: str
    subject_id: str
    facts: Mapping[str, Fact]

    @classmethod
    def of(cls, notice: Notice, person: Person, subject_id: str) -> Self:
        return cls(person, notice.template, subject_id, notice.facts)

    def as_json(self) -> dict[str, Any]:
        """The message's data. Messages are in flight while a new version is deployed: the names stay as they are."""
        facts = {name: as_json(fact) for name, fact in self.facts.items()}
        return {"person": str(self.person), "template": self.template, "subject_id": self.subject_id, "facts": facts}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        facts = {name: from_json(fact) for name, fact in data["facts"].items()}
        return cls(Person.parse(data["person"]), data["template"], data["subject_id"], facts)
