"""Budgets alone: taken exactly, together, and whole again with the next window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chalicelib.db import Transaction
from chalicelib.rate_limits.model import LIMITS, Budget, LimitReached
from chalicelib.rate_limits.records import SpentBudget
from chalicelib.rate_limits.service import UnknownLimit, give_back, is_spent, look_at, take
from infra.local.engine import Engine
from tests.tenants.brands import at_once

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = Budget.of("email_codes_a_source", "192.0.2.1")
THERE = Budget.of("messages_a_recipient", "email", "li@people.example")
Limited = Callable[..., None]


def taken(*budgets: Budget, at: datetime = NOON) -> bool:
    try:
        take(budgets, at)
    except LimitReached:
        return False
    return True


def used(budget: Budget, at: datetime = NOON) -> int:
    record, pk, sk = look_at(budget, at)
    found = record.fetch(pk, sk, consistent=True)
    return int(found.used) if isinstance(found, SpentBudget) else 0


def test_of_many_at_once_as_many_pass_as_may(engine: Engine, limited: Limited) -> None:
    limited(email_codes_a_source=7)
    assert sum(at_once([partial(taken, HERE)] * 20)) == 7
    assert used(HERE) == 7


def test_a_budget_is_whole_again_when_its_window_ends(engine: Engine, limited: Limited) -> None:
    limited(email_codes_a_source=1)
    assert [taken(HERE, at=NOON), taken(HERE, at=NOON + timedelta(minutes=59, seconds=59))] == [True, False]
    with pytest.raises(LimitReached) as reached:
        take([HERE], NOON + timedelta(minutes=59))
    assert (reached.value.retry_after, reached.value.status) == (60, 429)
    assert taken(HERE, at=NOON + timedelta(hours=1))


def test_several_budgets_are_taken_together_or_not_at_all(engine: Engine, limited: Limited) -> None:
    limited(email_codes_a_source=2, messages_a_recipient=1)
    assert [taken(HERE, THERE), taken(HERE, THERE)] == [True, False]
    assert (used(HERE), used(THERE)) == (1, 1)


def test_what_was_not_used_is_given_back(engine: Engine, limited: Limited) -> None:
    limited(email_codes_a_source=1)
    take([HERE], NOON)
    tx = Transaction()
    give_back(tx, [HERE], NOON)
    tx.commit()
    assert taken(HERE)


def test_whether_a_budget_is_spent_can_be_read(engine: Engine, limited: Limited) -> None:
    limited(email_codes_a_source=1)
    record, pk, sk = look_at(HERE, NOON)
    assert not is_spent(HERE, None)
    take([HERE], NOON)
    found = record.fetch(pk, sk)
    assert isinstance(found, SpentBudget)
    assert is_spent(HERE, found)
    assert found.expires_at == int((NOON + timedelta(hours=1)).timestamp())


def test_no_subject_stands_in_a_key(engine: Engine) -> None:
    assert "192.0.2.1" not in "".join(map(str, look_at(HERE, NOON)))
    assert Budget.of("email_codes_a_source", "192.0.2.2").subject != HERE.subject
    assert Budget.of("text_codes_a_source", "192.0.2.1").subject != HERE.subject


def test_a_limit_of_none_lets_nobody_through(engine: Engine, limited: Limited) -> None:
    limited(**{HERE.limit: 0})
    with pytest.raises(LimitReached):
        take([HERE], NOON)
    assert is_spent(HERE, None)


def test_a_limit_that_does_not_exist_is_a_defect(engine: Engine, limited: Limited) -> None:
    with pytest.raises(KeyError):
        Budget.of("no_such_limit", "x")
    limited(no_such_limit=1)
    with pytest.raises(UnknownLimit, match="no_such_limit"):
        take([HERE], NOON)


def test_the_numbers_that_hold_unless_a_stage_sets_others() -> None:
    hour = timedelta(hours=1)
    stated = {"sign_ups_a_source": 60, "email_codes_a_source": 1000, "text_codes_a_source": 60}
    assert {name: (LIMITS[name].most, LIMITS[name].window) for name in stated} == {
        name: (most, hour) for name, most in stated.items()
    }


def test_a_refusal_says_how_long_to_wait_and_names_nobody() -> None:
    refusal = HERE.reached(NOON + timedelta(minutes=59, seconds=30))
    assert refusal.detail == "Too many requests came from your network; try again in 1 minute."
    assert refusal.detail_zh == "来自您所在网络的请求过多，请在 1 分钟后重试。"
