"""What comes next after the close, what a receipt means for orders, and how sheets are parted for paper. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.campaigns.model.campaign import Status
from chalicelib.pages.shell.words import N_

WAY: Sequence[Status] = (
    Status.LOCKED, Status.PURCHASING, Status.RECEIVED, Status.SORTED, Status.AT_PICKUP, Status.COMPLETED,
)  # fmt: skip
"""The states from the close to the last handover, in order."""


@dataclass(frozen=True, slots=True)
class Step:
    """A state that a group buy moves to: what is said by moving it, what follows, and who is written to."""

    to: Status
    says: str
    follows: str
    told: str


_NOBODY = N_("Nobody is written to.")

STEPS: Mapping[Status, Step] = {
    each.to: each
    for each in (
        Step(
            Status.PURCHASING,
            N_("The goods are ordered from the suppliers"),
            N_("The purchase list stands from the first goods that you record."),
            _NOBODY,
        ),
        Step(
            Status.RECEIVED,
            N_("The goods are here"),
            N_("Sorting can begin."),
            N_("Leaders are told what comes to their pickup points."),
        ),
        Step(
            Status.SORTED,
            N_("The parcels are packed"),
            N_("What is packed goes to the pickup points."),
            N_("Leaders are told that their sorting sheet is ready."),
        ),
        Step(
            Status.AT_PICKUP,
            N_("The parcels are at the pickup points"),
            N_("Orders can be handed over from now on, and the time to collect them begins."),
            N_("Everybody who ordered is told that they can collect."),
        ),
    )
}
"""What staff move a group buy to; it is completed by itself when every order has ended."""

WAITS: Mapping[Status, str] = {
    Status.LOCKED: N_("Look through the purchase list and send it to the suppliers."),
    Status.PURCHASING: N_("Record what comes in from the suppliers."),
    Status.RECEIVED: N_("Print the sorting sheets and pack the parcels."),
    Status.SORTED: N_("Bring the parcels to the pickup points."),
    Status.AT_PICKUP: N_("Neighbours collect. It is completed by itself when every order has ended."),
    Status.COMPLETED: N_("Everything is handed over. Settle it in the books when the after-sale time is over."),
    Status.SETTLED: N_("It is settled. Nothing is left to do."),
}
"""What a group buy waits for."""

ALL_CAME = N_("All that was bought is accounted for. Say that the goods are here; then sorting can begin.")


def waits_for(status: Status, expected: int) -> str:
    """What a group buy waits for, of whose goods so many units are still expected."""
    return ALL_CAME if status is Status.PURCHASING and not expected else WAITS[status]


def ahead(status: Status) -> list[Step]:
    """The steps that are still before a group buy, the next one first."""
    passed = WAY.index(status) if status in WAY else len(WAY)
    return [STEPS[each] for each in WAY[passed + 1 :] if each in STEPS]


def passed_to(status: Status, to: Status) -> list[Step]:
    """The steps that moving it there takes."""
    return [step for step in ahead(status) if WAY.index(step.to) <= WAY.index(to)]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a receipt means for the orders of a SKU: ``missing`` units of it leave orders, ``instead`` of which are
    replaced by another SKU. ``spare`` units of what is lost nobody had ordered.
    """

    title: str
    missing: int
    instead: int
    spare: int

    @property
    def cut(self) -> int:
        """Units that are paid back."""
        return self.missing - self.instead


def effect(title: str, lost: int, substituted: int, surplus: int) -> Effect:
    """``lost`` units cannot be given out as what was ordered, ``substituted`` others came in their place; ``surplus``
    units are in no order.
    """
    spare = min(lost, surplus)
    missing = lost - spare
    return Effect(title, missing, min(substituted, missing), spare)


def documents(points: Iterable[Sequence[int]], most: int) -> int:
    """In how many documents sheets come on paper: the parcels of each member by pickup point, at most ``most`` in one.
    A pickup point is kept whole where it can be, a member always.
    """
    made, room = 1, most
    filled = False
    for members in points:
        for parcels in _slips(members, most):
            if filled and parcels > room:
                made, room = made + 1, most
            room -= parcels
            filled = True
    return made


def _slips(members: Sequence[int], most: int) -> list[int]:
    if sum(members) <= most:
        return [sum(members)]
    runs = [0]
    for parcels in members:
        if runs[-1] and runs[-1] + parcels > most:
            runs.append(0)
        runs[-1] += parcels
    return runs
