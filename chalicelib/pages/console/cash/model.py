"""Which leader has how much of the brand's cash, by the accounts of the books. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.settlement.books.model.accounts import CASH, NO_LEADER, cash_account


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody has collected at a pickup point and not handed in yet, in minor units; nobody's leader where it is
    with the brand's own people.
    """

    leader_id: str | None
    pickup_point_id: str
    minor: int


def is_cash(account: str) -> bool:
    """Whether an account is of cash that was collected."""
    return account.startswith(f"{CASH}:")


def held(balances: Iterable[tuple[str, int]]) -> list[Held]:
    """What each has by the balances of the books, in minor units, the most first; a leader who was paid what they had
    advanced has that much more.
    """
    sums: dict[str, int] = {}
    for account, minor in balances:
        if is_cash(account):
            of = cash_account(account)
            sums[of] = sums.get(of, 0) + minor
    found = [_held(account, minor) for account, minor in sums.items() if minor]
    return sorted(found, key=lambda each: (-each.minor, each.pickup_point_id))


def by_leader(found: Iterable[Held]) -> Mapping[str, int]:
    """What each leader has at all of their pickup points together."""
    sums: dict[str, int] = {}
    for each in found:
        if each.leader_id:
            sums[each.leader_id] = sums.get(each.leader_id, 0) + each.minor
    return sums


def _held(account: str, minor: int) -> Held:
    _, leader, point = account.split(":")
    return Held(None if leader == NO_LEADER else leader, point, minor)
