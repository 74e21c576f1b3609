"""What staff wrote of a payment stays with those who may read the payment."""

from __future__ import annotations

import json

import pytest

from chalicelib.broadcasts.views.payments import SHOWN
from chalicelib.kernel.context import contacts_shown
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.views import StaffPaymentView

AT, BY = "2026-01-14T03:12:09.660Z", "staff:01KE8V1AA0B2C4D6E8F1G3H5JK"
WORDS = "Ring Aunt Fang, 13800138000"


def test_an_event_of_a_payment_tells_no_words_of_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = {"asked": {"amount_minor": 5900, "currency": "CNY"}, "at": AT, "by": BY, "reason": WORDS}
    dismissed = [{"reason": "differs", "at": AT, "by": BY, "note": WORDS}]
    full = json.dumps({**SHOWN.example, "accepted": accepted, "dismissed": dismissed})
    monkeypatch.setattr(StaffPaymentView, "of", lambda payment: StaffPaymentView.model_validate_json(full))

    token = contacts_shown.set(False)
    try:
        (shown,) = SHOWN.show("T", [PaymentRecord("T#payment#1", "payment")], None)  # type: ignore[arg-type]
        told = shown.model_dump(mode="json")
    finally:
        contacts_shown.reset(token)

    assert told["accepted"] == accepted | {"reason": None}
    assert told["dismissed"] == [dismissed[0] | {"note": None}]
