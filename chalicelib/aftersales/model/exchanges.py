"""The rules of an exchange: which units are replaced, and when they become a refund instead. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from chalicelib.aftersales.errors import GoodsNotArrived, MoveRefused, NotAnExchange, NothingOutstanding
from chalicelib.aftersales.model.cases import GRANTED, MOVES, Kind, Status, in_words, in_words_zh
from chalicelib.kernel.clock import instant, parse_instant


def without(case: Mapping[str, int], refunded: Mapping[str, int]) -> dict[str, int]:
    """The units of a case that were not paid back: those an exchange replaces."""
    left = {offer_id: units - refunded.get(offer_id, 0) for offer_id, units in case.items()}
    return {offer_id: units for offer_id, units in left.items() if units}


@dataclass(frozen=True, slots=True)
class RefundedInstead:
    """Units of an exchange that were paid back instead of replaced: under which key, by whom, why, and how much."""

    key: str
    body_hash: str
    at: datetime
    by: str
    reason: str
    refund_minor: int
    refund_id: str | None

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "body_hash": self.body_hash, "at": instant(self.at), "by": self.by, "reason": self.reason,
            "refund_minor": self.refund_minor, "refund_id": self.refund_id,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(**raw | {"at": parse_instant(raw["at"]), "refund_minor": int(raw["refund_minor"])})


def check_instead(kind: Kind, status: Status) -> None:
    """Whether units of a case can be paid back instead of replaced. Raises NotAnExchange, MoveRefused."""
    if kind is not Kind.EXCHANGE:
        raise NotAnExchange(
            f"The case is a {kind}; only an exchange is turned into a refund.", detail_zh="只有换货可以改为退款。"
        )
    if status not in GRANTED:
        raise MoveRefused(
            f"The exchange is {in_words(status)}; only one that was approved is turned into a refund.",
            detail_zh=f"售后单{in_words_zh(status)}，只有已通过的换货可以改为退款。",
            extra={"after_sale_status": status.value, "allowed": [each.value for each in MOVES[kind][status]]},
        )


def check_outstanding(units: Mapping[str, int], exchange_order_id: str | None) -> None:
    """Raises NothingOutstanding where no units of an exchange wait for goods or money any more."""
    if not units:
        raise NothingOutstanding(
            "Every unit was handed over or paid back; for one that is faulty, open a case on the exchange order.",
            detail_zh="换货商品已全部交付或退款；如换来的商品有问题，请对换货订单申请售后。",
            extra={"exchange_order_id": exchange_order_id},
        )


def check_there(arrived: Mapping[str, int], needed: Mapping[str, int]) -> None:
    """Whether so many units of an exchange have come back as were handed over and paid back for them. Raises
    GoodsNotArrived.
    """
    for offer_id, units in needed.items():
        there = arrived.get(offer_id, 0)
        if units > there:
            raise GoodsNotArrived(
                f"Of this offer {there} came back, and {units} would be replaced or paid back. Book "
                "what has arrived first, or say that the goods are not needed.",
                detail_zh=f"该商品已收回 {there} 件，而换货与退款共 {units} 件。请先登记收货，或注明无需寄回。",
                extra={"offer_id": offer_id, "arrived": there, "needed": units},
            )


def still_replaced(
    ordered: Mapping[str, int], picked: Mapping[str, int], outstanding: Mapping[str, int], refunded: Mapping[str, int]
) -> dict[str, int]:
    """What an exchange order is lowered to, by offer id, when units that were ``outstanding`` are ``refunded``.

    It keeps what was handed over and what is to be replaced still; units that it lost before are not lost twice.
    """
    lowered = {
        offer_id: picked.get(offer_id, 0) + outstanding[offer_id] - units for offer_id, units in refunded.items()
    }
    return {offer_id: units for offer_id, units in lowered.items() if units < ordered.get(offer_id, 0)}
