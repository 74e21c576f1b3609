"""The days that invoices and credit notes bear: noted for good, so they are looked at first."""

from datetime import date

import pytest

from chalicelib.invoices.errors import InvoiceDayWrong
from chalicelib.invoices.model.invoices import Issue, Voiding, check_credit_day, check_issue_day

TODAY = date(2030, 6, 10)
ISSUED = date(2030, 6, 1)


@pytest.mark.parametrize(("day", "wrong"), [(10, False), (1, False), (11, True)])
def test_an_invoice_bears_a_day_that_has_come(day: int, wrong: bool) -> None:
    issue = Issue("1", date(2030, 6, day))
    if wrong:
        with pytest.raises(InvoiceDayWrong) as refused:
            check_issue_day(issue, TODAY)
        assert refused.value.errors[0].pointer == "/issued_on"
    else:
        check_issue_day(issue, TODAY)


@pytest.mark.parametrize(
    ("number", "day", "pointer"),
    [
        (None, None, None),
        ("2", None, None),
        ("2", ISSUED, None),
        ("2", TODAY, None),
        (None, TODAY, "/credit_number"),
        ("2", date(2030, 5, 31), "/credited_on"),
        ("2", date(2030, 6, 11), "/credited_on"),
    ],
)
def test_a_credit_note_is_of_the_invoices_day_or_later(
    number: str | None, day: date | None, pointer: str | None
) -> None:
    voiding = Voiding("refunded", number, day)
    if pointer is None:
        check_credit_day(voiding, ISSUED, TODAY)
    else:
        with pytest.raises(InvoiceDayWrong) as refused:
            check_credit_day(voiding, ISSUED, TODAY)
        assert refused.value.errors[0].pointer == pointer
