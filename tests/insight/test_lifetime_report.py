"""Lifetime values through the product: orders in, a fitting in the background, the report out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.insight.figures import Figures, data_file

SEPTEMBER = "1997-09-30"


def reference() -> Any:
    return json.loads(data_file("cdnow/cdnow_bgnbd.json").read_text())


@pytest.mark.verify
def test_the_sample_has_the_parameters_of_the_paper(figures: Figures, drain: Any) -> None:
    known = reference()
    figures.import_orders(data_file("cdnow/orders_sample.csv").read_text())
    figures.roll("1997-01-01", "1998-06-30")

    report = figures.report("lifetime-value", as_of=SEPTEMBER)

    model = report["model"]
    for name in ("r", "alpha", "a", "b"):
        assert float(model[name]) == pytest.approx(known["fit"][name], rel=0.001)
    for name in ("p", "q"):
        assert float(model[name]) == pytest.approx(known["gamma_gamma_lifetimes"][name], rel=0.001)
    assert float(model["v"]) / 100 == pytest.approx(known["gamma_gamma_lifetimes"]["v"], rel=0.001)
    assert (model["members"], model["repeaters"], model["fitted_to"]) == (2357, 946, 2357)
    assert report["complete"] is True
