"""What endpoints, deliveries and attempts are said to be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.broadcasts.model.catalogue import PUBLISHED
from chalicelib.kernel.language import Language
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_
from chalicelib.webhooks.model.catalogue import EVERY

ACTIVE = State(N_("Active"), tone="good")
FAILING = State(N_("Failing"), tone="warn")

DISABLED: Mapping[str | None, State] = {
    "failing": State(N_("Disabled: nothing arrived for days"), tone="bad"),
    "gone": State(N_("Disabled: it answered that it is gone"), tone="bad"),
    "by_hand": State(N_("Disabled by hand")),
    None: State(N_("Disabled by hand")),
}

DELIVERIES: Mapping[str, State] = {
    "pending": State(N_("Being sent"), tone="warn"),
    "sent": State(N_("Delivered"), tone="good"),
    "dead": State(N_("Given up"), tone="bad"),
}

GIVEN_UP: Mapping[str, str] = {
    "failed": N_("Every attempt failed."),
    "endpoint_disabled": N_("The endpoint was disabled."),
    "endpoint_deleted": N_("The endpoint was deleted."),
    "waited_too_long": N_("It waited too long while the endpoint was failing."),
}

REASONS: Mapping[str, str] = {
    "status": N_("it answered with an error"),
    "redirect": N_("it led elsewhere, and nobody follows"),
    "gone": N_("it said that it is gone"),
    "timeout": N_("it did not answer in time"),
    "refused": N_("the connection was refused"),
    "connection_lost": N_("the connection was lost"),
    "certificate": N_("its certificate is not valid"),
    "tls": N_("there was no secure connection"),
    "not_http": N_("what it answered is no HTTP"),
    "unreachable": N_("it cannot be reached"),
    "not_resolved": N_("its name leads nowhere"),
    "target_refused": N_("it is no public address"),
    "secret_unreadable": N_("its secret cannot be read: rotate it"),
}
"""Why an attempt failed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Events about one thing, such as an order: each by its name, with its meaning in the reader's language."""

    name: str
    events: list[tuple[int, str, str]]


_ABOUT: Mapping[str, str] = {
    "order": N_("Orders"),
    "team": N_("Teams"),
    "payment": N_("Online payments"),
    "refund": N_("Refunds"),
    "campaign": N_("Group buys"),
    "purchase_list": N_("Purchase lists"),
    "receipt": N_("Goods that arrive"),
    "after_sale": N_("After-sale cases"),
    "complaint": N_("Complaints"),
    "member": N_("Members"),
    "invitation": N_("Surveys"),
}


def kinds(language: Language) -> list[Kind]:
    """All events there are, by what they are about; each with a number of its own."""
    found: dict[str, Kind] = {}
    for at, (entity, event) in enumerate(PUBLISHED.values()):
        meaning = event.meaning_zh if language == "zh" else event.meaning
        kind = found.setdefault(entity.name, Kind(_ABOUT.get(entity.name, entity.name), []))
        kind.events.append((at, event.type, meaning))
    return list(found.values())


def hears_all(event_types: list[str]) -> bool:
    """Whether an endpoint is sent every event, also those that come to be."""
    return event_types == [EVERY]
