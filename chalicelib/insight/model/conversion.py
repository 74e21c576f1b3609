"""How many members become customers: the one definition, for whatever report shows it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.definitions import Definition

CONVERSION = Definition(
    "conversion.member_to_customer",
    1,
    "Member: enrolled by the end of the last day asked for, and not left by then, as far as members stand now. "
    "Customer: a member with at least one order that counts, as the summary counts them, by the end of that day. "
    "Conversion: customers over members.",
    "会员：截至所选末日已加入且未退出者（以会员现状为准）。顾客：截至该日结束时至少有一笔计入订单（口径同汇总报表）的会员。"
    "转化率：顾客数除以会员数。",
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """So many members, of whom so many are customers."""

    members: int
    customers: int

    @property
    def rate(self) -> Decimal:
        """Customers over members, with six digits; zero of nobody."""
        return rate(self.customers, self.members)


def conversion(members: int, ordered: int) -> Conversion:
    """Of some members, as bits, those among all who ordered by the same day."""
    return Conversion(members.bit_count(), (members & ordered).bit_count())
