"""What is prepared for the templates of the brand's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from chalicelib.complaints.views import ComplaintRulesView
from chalicelib.pages.shell import N_

PAYS = (
    ("on_receipt", N_("when the goods are back")),
    ("on_approval", N_("as soon as the return is approved")),
)
CATEGORIES = (
    ("quality", N_("The goods are not good")),
    ("shortage", N_("Something was missing")),
    ("pickup", N_("Collecting them did not work")),
    ("payment", N_("Something with the money")),
    ("service", N_("How I was treated")),
    ("other", N_("Something else")),
)
URGENCIES = (
    ("low", N_("act when there is time")),
    ("normal", N_("act as usual")),
    ("high", N_("act soon")),
    ("critical", N_("act at once")),
)
IMPORTANCES = (
    ("low", N_("it matters little")),
    ("normal", N_("it matters")),
    ("high", N_("it matters much")),
)


@dataclass(frozen=True, slots=True)
class DomainState:
    """How a domain stands: in a word or two, in which colour, and what it means for who waits."""

    name: str
    tone: str
    means: str


DOMAIN_STATES: Mapping[str, DomainState] = {
    "waiting_for_dns": DomainState(
        N_("waits for its records"), "warn", N_("Set the two records below. We look for them by ourselves, too.")
    ),
    "waiting_for_certificate": DomainState(
        N_("almost there"), "", N_("Both records are right. A certificate is on its way; you can close this page.")
    ),
    "live": DomainState(
        N_("leads to your shop"), "good",
        N_("Neighbours reach your shop here, and links and messages name it. Leave both records as they are.")
    ),
    "broken": DomainState(
        N_("needs you"), "bad", N_("Links and messages name your shop's first address until this is put right.")
    ),
}  # fmt: skip
DOMAIN_PROBLEMS: Mapping[str, str] = {
    "no_proof": N_("We do not see the first record, TXT, yet."),
    "wrong_proof": N_("There is a TXT record with this name, but with another value. Put in the value below."),
    "not_pointed": N_("The first record is right. The second one, CNAME, does not lead to us yet."),
    "no_certificate": N_("No certificate was issued. Delete a CAA record if the domain has one, then look again."),
    "held": N_("Another shop uses this domain: its TXT record is still there, too. Delete that one, then look again."),
    "taken": N_("Another shop has proved that this domain is theirs. If it is yours, set both records, then look."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as it stands in its fields."""

    cause: str = ""
    category: str = "quality"
    urgency: str = "high"
    importance: str = "low"
    en: str = ""
    zh: str = ""


def rows(rules: ComplaintRulesView, sent: Mapping[str, str]) -> Sequence[Row]:
    """The rules that stand, and an empty one to add; of a form that was refused as many as it had."""
    if sent:
        had = takewhile(lambda n: f"rules.{n}.category" in sent, count())
        return [Row() for _ in had]
    standing = [
        Row(
            each.cause, each.category, each.urgency, each.importance, ", ".join(each.words.en), "，".join(each.words.zh)
        )
        for each in rules.rules
    ]
    return [*standing, Row()]
