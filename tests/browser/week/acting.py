"""What all people of the week have: the words that they type."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.person import Person
from tests.browser.week.typed import CHINESE, Typed


@dataclass
class Acting(Person):
    """Somebody who types in the language of their window."""

    typed: Typed = CHINESE

    def money(self, minor: int) -> str:
        """An amount as pages write it for them."""
        return self.typed.money(minor)
