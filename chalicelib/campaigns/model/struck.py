"""Which price may be struck out beside an offer's, and the lowest of the 30 days before. Pure. Minor units.

A struck price announces a reduction, and a reduction is one only against the lowest price of the 30 days before it
(article 6a of Directive 98/6/EC, and the Court of Justice in C-330/23): where the goods were to be had for as little
then, nothing is struck out.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.campaigns.model.offers import Offer
from chalicelib.pricing.model.history import Prior


@dataclass(frozen=True, slots=True)
class Struck:
    """What is struck out, and the lowest price before the reduction, which stands beside it."""

    price_minor: int
    prior: Prior


def struck(offer: Offer) -> Struck | None:
    """The price in the shop, beside an offer that costs less; None where nothing may be struck out."""
    prior = offer.before.prior
    if prior is None or offer.price_minor >= min(offer.list_minor, prior.minor):
        return None
    return Struck(offer.list_minor, prior)


def struck_by_promotion(offer: Offer, unit_minor: int, begins_on: date) -> Struck | None:
    """The same where a promotion for everybody, which lowers the offer to ``unit_minor``, began on a local day. One
    that begins while the offer is reduced already is a further step: what was before the first stands beside it.
    """
    own = struck(offer)
    if own is not None:
        return own
    if unit_minor >= offer.price_minor:
        return None
    prior = offer.before.lowest(begins_on, offer.price_minor)
    return Struck(offer.price_minor, prior) if unit_minor < prior.minor else None
