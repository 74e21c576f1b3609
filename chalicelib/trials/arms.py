"""Which arm of a trial a subject is in: by a hash alone. Whoever may change the share keeps the first answer. Pure."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

WHOLE_BPS = 10_000


class Arm(StrEnum):
    """``treated`` gets what is tried; ``control`` gets nothing of it, and shows what would have happened anyway."""

    TREATED = "treated"
    CONTROL = "control"


def place_of(trial: str, subject: str) -> int:
    """The subject's place in a trial, from 0 to 9,999, each as probable as the others; always the same."""
    digest = hashlib.sha256(f"{len(trial)}:{trial}{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * WHOLE_BPS >> 64


def arm_of(trial: str, subject: str, control_bps: int) -> Arm:
    """The arm of a subject, where ``control_bps`` of 10,000 are in control. The same trial, subject and share always
    give the same arm; with a larger share, whoever was in control stays there.
    """
    return Arm.CONTROL if place_of(trial, subject) < control_bps else Arm.TREATED


def drawn_arm(trial: str, subject: str, shares_bps: Sequence[int]) -> int:
    """The number of a subject's arm, from 0, of several whose shares of 10,000 make up the whole."""
    place = place_of(trial, subject)
    for number, share in enumerate(shares_bps):
        if place < share:
            return number
        place -= share
    raise ValueError("the shares do not make up the whole")
