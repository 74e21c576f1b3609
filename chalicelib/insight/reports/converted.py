"""How many members are customers, as whatever report shows it."""

from typing import Self

from chalicelib.insight.model.conversion import CONVERSION, Conversion
from chalicelib.insight.reports.report import DefinitionView
from chalicelib.web import View


class ConvertedView(View):
    """So many members, of whom so many are customers, and the share."""

    members: int
    customers: int
    rate: str

    @classmethod
    def at(cls, found: Conversion) -> Self:
        return cls(members=found.members, customers=found.customers, rate=str(found.rate))


class ConversionView(ConvertedView):
    """So many members, of whom so many are customers, the share, and what that means."""

    definition: DefinitionView

    @classmethod
    def of(cls, found: Conversion, locale: str) -> Self:
        definition = DefinitionView.of(CONVERSION, locale)
        return cls(members=found.members, customers=found.customers, rate=str(found.rate), definition=definition)
