"""Counters are published where they are wanted, and nowhere else."""

from __future__ import annotations

import pytest

from chalicelib.telemetry import count, metrics


@pytest.mark.parametrize(("disabled", "printed"), [("true", False), ("false", True)])
def test_what_is_disabled_is_never_printed_however_much_gathers(
    disabled: str, printed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", disabled)
    try:
        for _ in range(100):
            count("MessagesWorked", 1)
    finally:
        metrics.clear_metrics()
    assert ("MessagesWorked" in capsys.readouterr().out) is printed
