"""What goes by segments may object to a change of their rules: each domain above says why, and nothing is saved."""

from collections.abc import Callable, Sequence

from chalicelib.db import Transaction
from chalicelib.loading import provided
from chalicelib.segments.errors import RuleRefused
from chalicelib.segments.model.membership import Defined
from chalicelib.segments.model.uses import Objection

Objects = Callable[[str, Sequence[Defined], Sequence[Defined], Transaction], list[Objection]]
"""Asked with the brand's segments as they are and as they are to be; holds the transaction to what it has read."""


def check_objections(
    tenant_id: str, before: Sequence[Defined], after: Sequence[Defined], tx: Transaction, pointer: str
) -> None:
    """Raises RuleRefused at ``pointer`` for the first objection."""
    asks: Sequence[Objects] = provided("segment_objections")
    for ask in asks:
        for objection in ask(tenant_id, before, after, tx):
            raise RuleRefused.at(pointer, objection.en, objection.zh)
