"""What members score, as it is kept for rules, read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.loading import provided
from chalicelib.segments.model.scores import Scored, Scores, score_at
from chalicelib.segments.records import CHUNK_MEMBERS, ScoresRecord, ScoringRecord
from chalicelib.tenants.service.brand import get_tenant

ScoreOf = Callable[[int], Scores | None]
"""The scores of a member by ordinal; None where they have none."""


def nobody_scores(ordinal: int) -> Scores | None:
    """Where no rule asks."""
    return None


@dataclass(frozen=True, slots=True)
class Kept:
    """The chunks that were read, by number; None for one in which nobody has a score yet."""

    chunks: Mapping[int, ScoresRecord | None]
    _raw: Mapping[int, bytes]

    def of(self, ordinal: int) -> Scores | None:
        """The scores of a member of these chunks."""
        return score_at(self._raw[ordinal // CHUNK_MEMBERS], ordinal % CHUNK_MEMBERS)

    def hold(self, tx: Transaction, tenant_id: str) -> None:
        """Has a transaction hold only while these scores are the last."""
        for number, record in self.chunks.items():
            tx.check(f"scores:{number}", ScoresRecord, *ScoresRecord.address(tenant_id, number), _same(record))


def _same(record: ScoresRecord | None) -> Condition:
    return ScoresRecord.pk.does_not_exist() if record is None else ScoresRecord.edition == int(record.edition)


def read_scores(tenant_id: str, ordinals: Iterable[int]) -> Kept:
    """The kept scores of members, as last committed: a chunk of 32,768 members is one item."""
    numbers = sorted({each // CHUNK_MEMBERS for each in ordinals})
    found = fetch_many([(ScoresRecord, *ScoresRecord.address(tenant_id, each)) for each in numbers], consistent=True)
    chunks = dict(zip(numbers, found, strict=True))
    return Kept(chunks, {number: record.scores if record else b"" for number, record in chunks.items()})


def are_of_last_day(scoring: ScoringRecord, now: datetime) -> bool:
    """Whether what is kept is as of the last complete day: not where no rule has asked for a while, nor before the
    night is over.
    """
    today = local_date(now, zone(get_tenant(scoring.tenant_id).timezone))
    return scoring.as_of is not None and scoring.as_of >= today - timedelta(days=1)


def scores_now(tenant_id: str, ordinals: Iterable[int], now: datetime) -> ScoreOf:
    """What members score for a rule that is not saved: as kept for the others, or counted now, as a saved one would
    have it.
    """
    if are_of_last_day(ScoringRecord.at(tenant_id), now):
        return read_scores(tenant_id, ordinals).of
    return latest(tenant_id, now).scores.get


def latest(tenant_id: str, now: datetime) -> Scored:
    """What all members score as of the last day that was rolled up, counted now, as the report does."""
    count: Callable[[str, datetime], Scored] = provided("rfm_scores")
    return count(tenant_id, now)
