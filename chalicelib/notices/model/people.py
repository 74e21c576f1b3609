"""Whom a brand can tell something: its members and its team. Pure."""

from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Person:
    """A member, or somebody of the staff, of one tenant."""

    kind: Literal["member", "staff"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def member(cls, member_id: str) -> Self:
        return cls("member", member_id)

    @classmethod
    def staff(cls, staff_id: str) -> Self:
        return cls("staff", staff_id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads what ``str`` wrote. Raises ValueError for anything else."""
        match text.split(":"):
            case ["member", identifier]:
                return cls("member", identifier)
            case ["staff", identifier]:
                return cls("staff", identifier)
        raise ValueError(f"no person: {text!r}")
