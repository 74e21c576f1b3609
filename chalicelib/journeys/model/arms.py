"""The arm of a member in a journey: drawn at their first entry, for good; and in which comparisons they count. Pure."""

from dataclasses import dataclass

from chalicelib.trials.arms import Arm, arm_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """An arm, and the share of the control (``share_bps`` of 10,000) by which it was drawn; None for a person who was
    two members of different arms.
    """

    arm: Arm
    share_bps: int | None

    def counts_at(self, share_bps: int) -> bool:
        """Whether they are compared in a version of that share: only those are who had the same chance of either arm.
        Where it leaves nobody alone there is nothing to compare, and all count whom it is for.
        """
        if share_bps == 0:
            return self.arm is Arm.TREATED
        return self.share_bps == share_bps


MIXED = Drawn(Arm.CONTROL, None)
"""Who was left alone as one member and not as another: they are left alone, and compared with nobody."""


def drawn(journey_id: str, member_id: str, share_bps: int, before: Drawn | None) -> Drawn:
    """The arm of somebody who enters a version of that share: the one that they have; at the first entry a new one."""
    return before or Drawn(arm_of(journey_id, member_id, share_bps), share_bps)
