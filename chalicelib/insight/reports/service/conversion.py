"""Conversion of members, as of a local day."""

from datetime import date, timedelta

from chalicelib.insight.model.conversion import Conversion, conversion
from chalicelib.insight.personas.service.reading import Known, known_members
from chalicelib.insight.reports.service.window import History


def customers(past: History, on: date) -> int:
    """Everyone with an order that counts by the end of a local day, as bits by ordinal."""
    return past.members_before(on + timedelta(days=1))


def conversion_on(tenant_id: str, past: History, on: date, known: Known | None = None) -> Conversion:
    """How many members there were at the end of a local day, and how many of them were customers."""
    return conversion((known or known_members(tenant_id)).members(on), customers(past, on))
