"""What a page shows of a list that was read, and of what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from chalicelib.orders.chat_orders.model import Doubt
from chalicelib.orders.views.chat_lists import ChatEntryView, ChatOrdersView, PlacedEntryView
from chalicelib.pages.shell.words import N_

MOST_ASKED = 400
"""Fields of the form of one page, of which one can hold few more; what is left follows when its entries are placed."""

DOUBTS = {
    Doubt.NOBODY: N_("No member has this name. Choose one, or type a phone number."),
    Doubt.SEVERAL_PEOPLE: N_("Several members have this name. Choose one."),
    Doubt.OFFER_UNKNOWN: N_("Nothing in this group buy is called so. Choose what is meant."),
    Doubt.SEVERAL_OFFERS: N_("This may mean several things. Choose one."),
    Doubt.QUANTITY_ASSUMED: N_("No number stands with it: is it one?"),
    Doubt.QUANTITY_TOO_LARGE: N_("That is very many. Is the number right?"),
    Doubt.NOTHING_WANTED: N_("It names no goods."),
    Doubt.CALLED_OFF: N_("It seems to be called off."),
    Doubt.HAS_ORDERED: N_("This member has ordered in another way already."),
}
WITH_NOBODY_TO_CHOOSE = {
    Doubt.NOBODY: N_("No member has this name. Type a phone number."),
    Doubt.SEVERAL_PEOPLE: N_("Several members have this name. Type the phone number of the one who is meant."),
}
"""The same where no members are shown to choose from, as to leaders."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A list to be looked at: the ``entries`` that one page can ask about, how many ``more`` wait, those that were
    ``placed`` before, and those that say otherwise by now than their order does.
    """

    entries: list[ChatEntryView]
    more: int
    placed: list[ChatEntryView]
    changed: list[ChatEntryView]

    @classmethod
    def of(cls, entries: Sequence[ChatEntryView]) -> Self:
        waiting = [each for each in entries if each.state in ("sure", "doubtful")]
        asked = accumulate(6 + 2 * len(each.wanted) for each in waiting)
        looked_at = sum(fields <= MOST_ASKED for fields in asked)
        return cls(
            waiting[:looked_at],
            len(waiting) - looked_at,
            [each for each in entries if each.state == "placed"],
            [each for each in entries if each.state == "changed"],
        )

    def doubts_of(self, entry: ChatEntryView) -> list[str]:
        """What has to be looked at of an entry, each once."""
        named = [*entry.doubts, *(doubt for each in entry.wanted for doubt in each.doubts)]
        words = DOUBTS if entry.candidates else DOUBTS | WITH_NOBODY_TO_CHOOSE
        return [words[each] for each in dict.fromkeys(named)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the confirmed entries: those that have their order, and those that were refused."""

    ordered: list[PlacedEntryView]
    refused: list[PlacedEntryView]

    @classmethod
    def of(cls, made: ChatOrdersView) -> Self:
        return cls([each for each in made.entries if each.order_id], [each for each in made.entries if each.problem])
