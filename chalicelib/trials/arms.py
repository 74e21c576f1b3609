"""Which arm of a trial a subject is in: by a hash alone. Whoever may change the share keeps the first answer. Pure."""

import hashlib
from enum import StrEnum

WHOLE_BPS = 10_000


class Arm(StrEnum):
    """``treated`` gets what is tried; ``control`` gets nothing of it, and shows what would have happened anyway."""

    TREATED = "treated"
    CONTROL = "control"


def arm_of(trial: str, subject: str, control_bps: int) -> Arm:
    """The arm of a subject, where ``control_bps`` of 10,000 are in control. The same trial, subject and share always
    give the same arm; with a larger share, whoever was in control stays there.
    """
    digest = hashlib.sha256(f"{len(trial)}:{trial}{subject}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") * WHOLE_BPS >> 64
    return Arm.CONTROL if place < control_bps else Arm.TREATED
