"""What the API takes of payments."""

from typing import Annotated

from pydantic import StringConstraints, model_validator

from chalicelib.kernel.errors import InvalidField
from chalicelib.payments.model import Attention, Way
from chalicelib.web import Body, Query, ShortText


class NewPayment(Body):
    """How to pay, where the order's provider knows several ways: WeChat Pay inside WeChat (``jsapi``, with the
    payer's ``openid``) or by a code to scan (``native``); Stripe on a ``page`` of its own, from which the payer comes
    back to the shop's.
    """

    EXAMPLES = {"on Stripe's page": {"way": "page"}, "by a code to scan": {"way": "native"}}

    way: Way | None = None
    openid: Annotated[str | None, StringConstraints(pattern=r"^[0-9A-Za-z_-]{16,128}$")] = None

    @model_validator(mode="after")
    def _payer_is_known(self) -> "NewPayment":
        if (self.way == "jsapi") != (self.openid is not None):
            raise InvalidField(
                "way jsapi needs an openid, and no other way takes one", "jsapi 支付须填写 openid，其他方式不需要"
            )
        return self


class AcceptPayment(Body):
    """Why a payment is taken as it came; shown in the order's history."""

    EXAMPLES = {"it was rounded": {"reason": "The payer rounded the amount"}}

    reason: ShortText


class DismissPayment(Body):
    """The ``reason`` for which the payment is shown, its ``attention``; and what was found, or done about it."""

    EXAMPLES = {"seen to": {"reason": "disputed", "note": "Agreed with the payer by phone"}}

    reason: Attention
    note: ShortText


class LookFilter(Query):
    """Why a person should look: ``refund_failed`` (the provider declined to give money back), ``differs`` (its word
    contradicts our record, so nothing is booked), ``not_asked`` (the provider could not be asked about money on its way
    back, or about a payment whose time is up: see to the account's keys; it is asked again by itself), ``returned`` (no
    order wanted the money; it goes back whole), ``refunded_at_provider`` (money went back on the provider's own pages),
    ``disputed`` (its payer disputes it, or has won). Dismissed ones are not listed.
    """

    state: Attention = "refund_failed"
