"""What a rule is asked of: all that is known of a member on a day, and may be used for it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.histories.model import Purchase
from chalicelib.members.model.classes import MemberClass, Thresholds, class_of
from chalicelib.segments.model.scores import Scores


@dataclass(frozen=True, slots=True)
class Facts:
    """A member on the brand's day ``today``. ``profile`` is what they said of themselves and agreed to have used;
    ``purchases`` is None where they were not read, since no rule asks for them. ``seen_on`` is the last day that their
    class counts. ``scores`` are their recency, frequency and value among all, as of the last day that was rolled up;
    None where they had never ordered by then, or no rule asks. Money is in minor units of the brand's currency.
    """

    today: date
    joined_on: date
    currency: str
    origin: str | None = None
    language: str = "en"
    tier: str | None = None
    points: int = 0
    tags: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    profile: Mapping[str, object] = field(default_factory=dict)
    first_ordered_on: date | None = None
    last_ordered_on: date | None = None
    last_active_on: date | None = None
    seen_on: date | None = None
    left: bool = False
    thresholds: Thresholds = field(default_factory=Thresholds)
    purchases: Sequence[Purchase] | None = None
    scores: Scores | None = None

    @property
    def member_class(self) -> MemberClass | None:
        """Their class today; None for one who has neither ordered nor left."""
        return class_of(self.first_ordered_on, self.seen_on, self.today, self.thresholds, left=self.left)

    @property
    def bought(self) -> Sequence[Purchase]:
        """Their purchases. Raises ValueError where they were not read."""
        if self.purchases is None:
            raise ValueError("the purchases were not read")
        return self.purchases

    def having(self, segments: frozenset[str], tags: frozenset[str]) -> "Facts":
        """The same, of a member in these segments and with these tags."""
        return replace(self, segments=segments, tags=tags)
