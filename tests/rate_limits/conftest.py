"""A product with small limits, so that a test reaches them soon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from chalicelib.settings import forget


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets limits by their names: `limited(sign_ups_a_source=3)`."""

    def set_limits(**limits: int) -> None:
        monkeypatch.setenv("LIMITS", json.dumps(limits))
        forget()

    yield set_limits
    monkeypatch.undo()
    forget()
