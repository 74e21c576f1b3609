"""What a new shop still needs, and amounts as people type them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a new shop needs: whether it is ``done``, and the path of the page where it is done, empty where
    the reader's role finds none.
    """

    name: str
    why: str
    done: bool
    path: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What there is of a shop; None for what the reader's role does not see."""

    confirmed: bool
    pictured_product: bool | None
    pickup_point: bool | None
    pays_online: bool | None
    texts: frozenset[str]
    campaign: bool | None


def steps(found: SoFar) -> Sequence[Step]:
    """What is done and what is left, in the order in which a shop is set up; what a role does not see is left out."""
    every = (
        (
            found.pictured_product, "/products",
            N_("A product with a photo"),
            N_("Neighbours buy what they see. One is enough to begin with."),
        ),
        (
            found.pickup_point, "/pickup-points",
            N_("A pickup point"),
            N_("Where neighbours collect, and who leads it."),
        ),
        (
            found.pays_online, "/payment-accounts",
            N_("Payment online"),
            N_("Your own account at WeChat Pay or Stripe. Without it, neighbours pay at the pickup point."),
        ),
        (
            {"privacy", "terms", "imprint"} <= found.texts, "/brand",
            N_("Privacy notice, terms and imprint"),
            N_("Who sells, by which terms, and what becomes of personal data. There are templates to fill in."),
        ),
        (
            found.campaign, "/campaigns",
            N_("Your first group buy"),
            N_("Choose products, prices and the hour at which it closes, and send the link to your chat group."),
        ),
        (
            found.confirmed, "/me",
            N_("Your e-mail address is confirmed"),
            N_("Sign out, and in again with the code that we send to it. Until then few messages leave your shop."),
        ),
    )  # fmt: skip
    return [Step(name, why, done, path) for done, path, name, why in every if done is not None]
