"""How a new complaint is judged by a brand's rules. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from chalicelib.complaints.model.cases import Category, Importance, Urgency, graver, weightier
from chalicelib.complaints.model.causes import UNSPECIFIED
from chalicelib.complaints.model.rules import Rule, RuleBook
from chalicelib.complaints.model.words import plain


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a new complaint."""

    category: Category
    cause: str
    urgency: Urgency
    importance: Importance


def judge(
    text: str,
    book: RuleBook,
    *,
    category: Category | None = None,
    cause: str | None = None,
    paused: Collection[str] = (),
    weight: Importance = Importance.LOW,
    score: int | None = None,
) -> Judgement:
    """Classifies a complaint by its words, by the importance of its order and by the survey's score, 1–5.

    What the member stated is kept; the words fill in the rest and may raise urgency and importance, never lower them.
    A cause that is ``paused`` raises them as well, and is not named.
    """
    said = gravest(text, book)
    named = gravest(cause or "", book) or said
    decided = category or (named.category if named else Category.OTHER)
    urgency = book.urgency_of(decided)
    if named:
        urgency = graver(urgency, named.urgency) if category else named.urgency
        weight = weightier(weight, named.importance)
    if said:  # whatever is stated: who calls a matter late may write that somebody was hurt
        urgency, weight = graver(urgency, said.urgency), weightier(weight, said.importance)
    if score is not None:
        urgency = graver(urgency, Urgency.HIGH) if score == 1 else urgency
        weight = weightier(weight, Importance.HIGH if score == 1 else Importance.NORMAL)
    shown = named if named and named.cause not in paused else gravest(text, book, but_not=paused)
    stated = cause or (shown.cause if shown else UNSPECIFIED)
    return Judgement(decided, stated, urgency, weight)


def gravest(text: str, book: RuleBook, *, but_not: Collection[str] = ()) -> Rule | None:
    """Of the rules whose words a text says, the one that is most urgent; the earlier where two are as much. Those of
    the causes ``but_not`` are passed over.
    """
    said = plain(text)
    found = [rule for rule in book.in_force if rule.cause not in but_not and rule.speaks_of(said)] if said else []
    order = list(Urgency)
    return max(found, key=lambda rule: order.index(rule.urgency), default=None)
