"""A key begins with a tenant, and no part can pretend to be another."""

import pytest

from chalicelib.db import key
from tests.db.notes import OURS


def test_a_key_is_the_tenant_and_its_parts():
    assert key(OURS, "order", "7") == f"{OURS}#order#7"
    assert key(OURS) == OURS


@pytest.mark.parametrize("tenant", ["", "acme", OURS.lower(), OURS + "#x", OURS[:-1]])
def test_a_key_without_a_tenant_cannot_be_spelled(tenant):
    with pytest.raises(ValueError, match="tenant"):
        key(tenant, "order")


@pytest.mark.parametrize("part", ["", "a#b", "#"])
def test_a_part_cannot_hold_the_separator_or_be_absent(part):
    with pytest.raises(ValueError, match="key part"):
        key(OURS, "order", part)
